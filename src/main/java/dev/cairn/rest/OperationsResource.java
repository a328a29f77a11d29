package dev.cairn.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.fleet.OperationLookup;

/** What was asked of the workers of the job. */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "job")
public class OperationsResource {

    private final OperationLookup operations;

    OperationsResource(OperationLookup operations) {
        this.operations = operations;
    }

    @GET
    @Path("operations/{id}")
    @Operation(summary = "How something that was asked of a worker of the job is getting on.")
    public Uni<OperationView> operation(@PathParam("id") String id) {
        return Uni.createFrom().completionStage(() -> operations.find(id)).map(found -> found.map(OperationView::of)
                .orElseThrow(() -> Problems.unknown(
                        "there is no such operation, or none that this worker was told of: workers keep the last"
                                + " ones of the job. Where the channel cairn-events is not used, ask the worker"
                                + " that took it")));
    }
}
