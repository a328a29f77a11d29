package dev.cairn.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.jboss.logging.Logger;

import dev.cairn.fleet.Peers;
import dev.cairn.worker.HotKeys;

/** The hot keys of all workers. */
@ApplicationScoped
class JobKeys {

    private static final Logger LOG = Logger.getLogger(JobKeys.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ThisWorker self;
    private final Peers peers;

    JobKeys(ThisWorker self, Peers peers) {
        this.self = self;
        this.peers = peers;
    }

    /** Those of this worker. */
    HotKeys own() {
        return self.worker().hotKeys();
    }

    /**
     * Those of all workers that answer. Blocks.
     *
     * @param authorization the header of whoever asks, for the others
     */
    KeysView all(Optional<String> authorization) {
        List<HotKeys> pictures = new ArrayList<>();
        pictures.add(own());
        for (JsonNode answer : peers.ask("/worker/keys", authorization, () -> NullNode.instance)
                .values()) {
            if (!answer.isNull()) {
                try {
                    pictures.add(JSON.treeToValue(answer, HotKeys.class));
                } catch (JsonProcessingException e) {
                    LOG.debug("a worker answers strangely about its keys");
                }
            }
        }
        return KeysView.of(HotKeys.of(pictures));
    }
}
