package dev.cairn.rest;

import java.util.List;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.settings.ShownSettings;

/** What this worker was started with. */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "job")
public class ConfigResource {

    private final Config config;

    ConfigResource(Config config) {
        this.config = config;
    }

    /**
     * A setting.
     *
     * @param source where it was found; {@code default} where no one has set it
     */
    record SettingView(
            String key,
            String value,
            String source,
            @JsonProperty("default") boolean isDefault) {}

    @GET
    @Path("config")
    @Operation(summary = "The settings of this worker, and where each comes from; secrets are hidden.")
    public List<SettingView> settings() {
        return ShownSettings.read(config).stream()
                .map(shown -> new SettingView(shown.key(), shown.value(), shown.source(), shown.isDefault()))
                .toList();
    }
}
