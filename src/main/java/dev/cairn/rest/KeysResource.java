package dev.cairn.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.worker.HotKeys;

/** Which keys are updated most, and which have the largest values. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "state")
public class KeysResource {

    private final JobKeys keys;
    private final Requester requester;

    KeysResource(JobKeys keys, Requester requester) {
        this.keys = keys;
        this.requester = requester;
    }

    @GET
    @Path("keys")
    @Operation(summary = "The keys that are updated most and those with the largest values, of all workers; estimates.")
    public KeysView all() {
        return keys.all(requester.authorization());
    }

    @GET
    @Path("worker/keys")
    @Operation(summary = "Those of this worker alone; for the other workers.")
    public HotKeys own() {
        return keys.own();
    }
}
