package dev.cairn.rest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

import dev.cairn.names.SettingNames;

/** What holds for every operation of the interface: who may, and how errors look. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {

    private static final String SCHEME = "token";
    private static final String PROBLEM = "Problem";
    private static final List<String> SIMPLE = List.of("401", "403", "404", "406", "500", "503");
    private static final Map<String, String> MEANINGS = Map.of(
            "400", "The request is wrong; the detail names the parameter, its value and what is allowed.",
            "401", "A bearer token is needed.",
            "403", "The caller may not do this; the detail says who may.",
            "404", "There is no such thing.",
            "406", "The path has no answer of the types that are accepted.",
            "413", "The body is larger than quarkus.http.limits.max-body-size.",
            "415", "The body is not JSON.",
            "409", "It cannot be done as things are; the detail says why.",
            "500", "It has failed here; the log of the worker says more.",
            "503", "It cannot be answered now; Retry-After says when.");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents()
                .addSecurityScheme(
                        SCHEME,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description(
                                        SettingNames.VIEWER_TOKEN + " reads, " + SettingNames.OPERATOR_TOKEN + " also"
                                                + " controls; or a token of OIDC with the role viewer or operator. Only where"
                                                + " one of these is configured."))
                .addSchema(PROBLEM, problem())
                .addResponse(Accepted.RESPONSE, accepted());
        new TreeMap<>(MEANINGS)
                .forEach((status, meaning) -> api.getComponents().addResponse(PROBLEM + status, problem(meaning)));
        api.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                .forEach(ApiDescription::complete));
        api.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(SCHEME));
    }

    private static void complete(HttpMethod method, Operation operation) {
        SIMPLE.forEach(status -> refer(operation, status));
        refer(operation, "400");
        if (method == HttpMethod.POST) {
            List.of("409", "413", "415").forEach(status -> refer(operation, status));
        }
    }

    private static void refer(Operation operation, String status) {
        operation
                .getResponses()
                .addAPIResponse(status, OASFactory.createAPIResponse().ref(PROBLEM + status));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .description("What went wrong, as RFC 9457 has it.")
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("title", text("What kind of error it is."))
                .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
                .addProperty("detail", text("The thing, the cause and the way out."))
                .addProperty("instance", text("The path that was asked for."));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }

    private static APIResponse problem(String meaning) {
        return OASFactory.createAPIResponse()
                .description(meaning)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
    }

    private static APIResponse accepted() {
        return OASFactory.createAPIResponse()
                .description("It has begun; Location says where to ask how it is getting on.")
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema()
                                                .addType(Schema.SchemaType.OBJECT)
                                                .addProperty("request-id", text("To ask for it by.")))));
    }
}
