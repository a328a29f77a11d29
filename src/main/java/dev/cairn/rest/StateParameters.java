package dev.cairn.rest;

import java.util.List;
import java.util.OptionalInt;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

import dev.cairn.worker.Consistency;

/** The parameters of every question about state. Quarkus creates it for a request. */
public class StateParameters {

    private static final String COMMITTED = "committed";
    private static final String LIVE = "live";

    @Context
    UriInfo request;

    /** For the description only: here, an empty one is none. */
    @QueryParam("consistency")
    @Parameter(
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {COMMITTED, LIVE}))
    String consistency;

    /** For the description only, as well. */
    @QueryParam("partition")
    @Parameter(schema = @Schema(type = SchemaType.INTEGER))
    String partition;

    Consistency consistency() {
        return Parameters.choice("consistency", request, List.of(COMMITTED, LIVE))
                .filter(LIVE::equals)
                .map(live -> Consistency.LIVE)
                .orElse(Consistency.COMMITTED);
    }

    /**
     * The partition that must be asked.
     *
     * @param count how many there are; 0 while that is not known
     */
    OptionalInt partition(int count) {
        OptionalInt wanted = Parameters.whole("partition", request, Integer.MAX_VALUE);
        if (wanted.isPresent() && count > 0 && wanted.getAsInt() >= count) {
            throw Problems.wrong("there is no partition " + wanted.getAsInt() + ": the inputs have " + count);
        }
        return wanted;
    }
}
