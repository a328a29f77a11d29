package dev.cairn.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.group.Peer;

/** All workers of the job, and what each says of itself. Thread-safe. */
@ApplicationScoped
public class Peers {

    private static final PeerClient.Limits LIMITS = new PeerClient.Limits(Duration.ofSeconds(2), 4 << 20);

    private final WorkerLifecycle lifecycle;
    private final PeerClient client;

    Peers(WorkerLifecycle lifecycle, PeerClient client) {
        this.lifecycle = lifecycle;
        this.client = client;
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
     * A question to all other workers. The caller keeps it, because it remembers the answers.
     *
     * @param path with its query, beginning with a slash
     */
    public <T> PeerSurvey<T> survey(String path, PeerSurvey.Parser<T> parser) {
        return new PeerSurvey<>(
                this::others,
                worker -> client.get(directory().orElseThrow().job(), worker, path, LIMITS),
                parser,
                client.executor(),
                System::nanoTime);
    }

    private Collection<Peer> others() {
        Map<String, Peer> others = all();
        directory().ifPresent(directory -> others.remove(directory.self().instance()));
        return List.copyOf(others.values());
    }

    private Optional<GroupDirectory> directory() {
        return lifecycle.worker().map(Worker::directory);
    }
}
