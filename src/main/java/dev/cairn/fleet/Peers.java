package dev.cairn.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.cairn.worker.GroupDirectory;
import dev.cairn.worker.Peer;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;

/** All workers of the job, and what each says of itself. Thread-safe. */
@ApplicationScoped
public class Peers {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final WorkerLifecycle lifecycle;
    private final PeerClient client;

    Peers(WorkerLifecycle lifecycle, PeerClient client) {
        this.lifecycle = lifecycle;
        this.client = client;
    }

    /** This worker; nothing before it has started. */
    public Optional<Peer> self() {
        return directory().map(GroupDirectory::self);
    }

    /**
     * Workers that have said where they listen, by their instances; this one always, once it has started. Some may be gone,
     * until the group has noticed.
     */
    public Map<String, Peer> all() {
        Map<String, Peer> all = new TreeMap<>();
        directory().ifPresent(directory -> {
            directory.workers().forEach(worker -> all.put(worker.instance(), worker));
            all.put(directory.self().instance(), directory.self());
        });
        return all;
    }

    /**
     * Asks all workers, beside each other, and waits for two seconds at most.
     *
     * @param path with its query, beginning with a slash
     * @param authorization the header of whoever asks
     * @param own what this worker answers itself
     * @return what those have answered that have, by their instances
     */
    public Map<String, JsonNode> ask(String path, Optional<String> authorization, Supplier<JsonNode> own) {
        Optional<Peer> self = self();
        Map<String, CompletableFuture<Optional<JsonNode>>> asked = new TreeMap<>();
        for (Peer worker : List.copyOf(all().values())) {
            if (!self.map(Peer::instance).equals(Optional.of(worker.instance()))) {
                asked.put(
                        worker.instance(),
                        client.get(worker, path, authorization, LIMIT)
                                .thenApply(Peers::parsed)
                                .exceptionally(unreachable -> Optional.empty()));
            }
        }
        Map<String, JsonNode> answers = new TreeMap<>();
        self.ifPresent(worker -> answers.put(worker.instance(), own.get()));
        asked.forEach((instance, answer) -> answer.join().ifPresent(json -> answers.put(instance, json)));
        return answers;
    }

    private static Optional<JsonNode> parsed(byte[] json) {
        try {
            return Optional.of(JSON.readTree(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<GroupDirectory> directory() {
        return lifecycle.worker().map(Worker::directory);
    }
}
