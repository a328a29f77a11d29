package dev.cairn.rest;

import java.util.List;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

import dev.cairn.state.EntrySelection;

/** Which entries of a map or a list are asked for. Quarkus creates it for a request. The fields describe it only. */
public class EntryParameters {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    @Context
    UriInfo request;

    @QueryParam("entry")
    @Parameter(
            description =
                    "Only the entry with this key, in a map, or number, in a list. Keys that are no text, number or"
                            + " point in time are written as {\"base64\":\"...\"}.")
    String entry;

    @QueryParam("prefix")
    @Parameter(description = "Only entries of a map whose keys begin with this text.")
    String prefix;

    @QueryParam("from")
    @Parameter(description = "The key or number to begin with; to continue, what the last answer has as next.")
    String from;

    @QueryParam("reversed")
    @Parameter(
            description = "Whether the last entries come first.",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    String reversed;

    @QueryParam("limit")
    @Parameter(
            description = "At most so many entries.",
            schema =
                    @Schema(
                            type = SchemaType.INTEGER,
                            minimum = "1",
                            maximum = "" + MAX_LIMIT,
                            defaultValue = "" + DEFAULT_LIMIT))
    String limit;

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem when one of them cannot be, or not with the others */
    EntrySelection selection() {
        try {
            return new EntrySelection(
                    text("entry"),
                    text("prefix"),
                    text("from"),
                    Parameters.choice("reversed", request, List.of("true", "false"))
                            .filter("true"::equals)
                            .isPresent(),
                    Parameters.whole("limit", request, MAX_LIMIT).orElse(DEFAULT_LIMIT));
        } catch (IllegalArgumentException e) {
            throw Problems.wrong(e.getMessage());
        }
    }

    private String text(String name) {
        String given = Parameters.text(name, request).orElse(null);
        if (given != null && given.indexOf(StateResource.UNREADABLE) >= 0) {
            throw Problems.wrong(name + " is not UTF-8. Correct its encoding, or write it as {\"base64\":\"...\"}");
        }
        return given;
    }
}
