package dev.cairn.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which keys are updated most, and which have the largest values. */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "state")
public class KeysResource {

    private final JobKeys keys;

    KeysResource(JobKeys keys) {
        this.keys = keys;
    }

    @GET
    @Path("keys")
    @Operation(summary = "The keys that are updated most and those with the largest values, of all workers; estimates.")
    @Blocking
    public Uni<KeysView> all() {
        return Uni.createFrom().completionStage(keys::all);
    }
}
