package dev.cairn.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.fleet.Operations;

/** What was asked of this worker. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "job")
public class OperationsResource {

    private final Operations operations;

    OperationsResource(Operations operations) {
        this.operations = operations;
    }

    @GET
    @Path("operations/{id}")
    @Operation(summary = "How something that was asked of this worker is getting on.")
    public OperationView operation(@PathParam("id") String id) {
        return operations
                .get(id)
                .map(OperationView::of)
                .orElseThrow(
                        () -> Problems.unknown("this worker knows no such operation: it keeps those that were asked"
                                + " of it, until it ends. Ask the worker that took it"));
    }
}
