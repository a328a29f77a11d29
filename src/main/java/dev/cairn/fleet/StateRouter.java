package dev.cairn.fleet;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

import dev.cairn.state.EntrySelection;
import dev.cairn.worker.Consistency;
import dev.cairn.worker.ReadBudget;
import dev.cairn.worker.StateAnswer;
import dev.cairn.worker.StateAnswer.Unavailable;
import dev.cairn.worker.StateQuery;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.group.Peer;

/**
 * Answers for the whole job: a key is looked for where it is, here or at the worker that has its partition.
 *
 * <p>There is one hop at most: a worker that is asked by another answers for itself only. Whatever goes wrong on the way is
 * {@link Unavailable}; that there is no value is only believed of the worker that has the partition. Thread-safe.
 */
@ApplicationScoped
public class StateRouter {

    private static final Logger LOG = Logger.getLogger(StateRouter.class);

    /** Longer than a worker takes for its part. One value may be larger than what is answered for many keys. */
    private static final PeerClient.Limits LIMITS = new PeerClient.Limits(Duration.ofSeconds(4), 16 << 20);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final WorkerLifecycle lifecycle;
    private final PeerClient client;

    StateRouter(WorkerLifecycle lifecycle, PeerClient client) {
        this.lifecycle = lifecycle;
        this.client = client;
    }

    /**
     * A key to be looked for.
     *
     * @param key the record's key
     * @param partition where, if not where Kafka's producers send it
     */
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    public record Wanted(byte[] key, OptionalInt partition) {}

    /**
     * What came of it.
     *
     * @param answer the answer
     * @param partition where it was looked for; empty where that is not known yet
     * @param worker who has answered
     */
    public record Routed(StateAnswer answer, OptionalInt partition, String worker) {}

    /**
     * What is the same for all keys.
     *
     * @param entries which entries of a map or a list; {@code null} where only values are wanted
     */
    public record Asked(String state, Consistency consistency, EntrySelection entries) {}

    /** A key on its way. */
    private record Addressed(int index, StateQuestion.Key key) {}

    /** How many partitions the job's inputs have; 0 before the group has said so. */
    public int partitions() {
        return lifecycle.worker().map(worker -> worker.directory().partitions()).orElse(0);
    }

    /**
     * Looks for keys. Blocks while this worker looks for those that it has, for some seconds at most, and not while others do.
     *
     * @return in the order of the keys
     */
    public CompletionStage<List<Routed>> ask(Asked asked, List<Wanted> keys) {
        Optional<Worker> worker = lifecycle.worker();
        if (worker.isEmpty()) {
            Routed starting = new Routed(Unavailable.because("the worker is being started"), OptionalInt.empty(), "");
            return CompletableFuture.completedFuture(
                    keys.stream().map(key -> starting).toList());
        }
        return ask(worker.get(), asked, keys);
    }

    private CompletionStage<List<Routed>> ask(Worker worker, Asked asked, List<Wanted> keys) {
        GroupDirectory directory = worker.directory();
        int count = directory.partitions();
        if (count == 0 && keys.stream().anyMatch(wanted -> wanted.partition().isEmpty())) {
            Routed unknown = new Routed(
                    Unavailable.because("the group has not said yet which partitions there are"),
                    OptionalInt.empty(),
                    directory.self().instance());
            return CompletableFuture.completedFuture(
                    keys.stream().map(key -> unknown).toList());
        }
        List<StateQuestion.Key> addressed =
                keys.stream().map(wanted -> addressed(wanted, count)).toList();
        List<StateAnswer> here = read(worker, asked, addressed);
        Routed[] results = new Routed[keys.size()];
        Map<Peer, List<Addressed>> elsewhere = new HashMap<>();
        for (int i = 0; i < results.length; i++) {
            StateQuestion.Key key = addressed.get(i);
            Optional<Peer> owner = directory.owner(key.partition()).filter(peer -> !peer.equals(directory.self()));
            if (here.get(i) instanceof Unavailable && owner.isPresent()) {
                elsewhere
                        .computeIfAbsent(owner.get(), peer -> new ArrayList<>())
                        .add(new Addressed(i, key));
            } else {
                results[i] = new Routed(
                        here.get(i),
                        OptionalInt.of(key.partition()),
                        directory.self().instance());
            }
        }
        List<CompletableFuture<Void>> others = new ArrayList<>();
        elsewhere.forEach((peer, mine) ->
                others.add(ask(directory.job(), peer, asked, mine).thenAccept(answers -> {
                    for (int i = 0; i < answers.size(); i++) {
                        Addressed each = mine.get(i);
                        results[each.index()] = new Routed(
                                answers.get(i), OptionalInt.of(each.key().partition()), peer.instance());
                    }
                })));
        return CompletableFuture.allOf(others.toArray(CompletableFuture[]::new))
                .thenApply(done -> bounded(Arrays.asList(results)));
    }

    /** What each of several workers may answer is too much together. */
    private static List<Routed> bounded(List<Routed> all) {
        ReadBudget budget = ReadBudget.ofBatch();
        return all.stream()
                .map(routed -> routed.answer().bytes() == 0
                                || budget.take(routed.answer().bytes())
                        ? routed
                        : new Routed(ReadBudget.SPENT, routed.partition(), routed.worker()))
                .toList();
    }

    /** Asks a worker. @return as many answers as keys, whatever goes wrong */
    private CompletableFuture<List<StateAnswer>> ask(String job, Peer peer, Asked asked, List<Addressed> addressed) {
        List<StateQuestion.Key> keys = addressed.stream().map(Addressed::key).toList();
        byte[] json;
        try {
            json = JSON.writeValueAsBytes(new StateQuestion(job, asked.consistency(), asked.entries(), keys));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        String path = "/worker/state/" + URLEncoder.encode(asked.state(), StandardCharsets.UTF_8);
        return client.post(job, peer, path, json, LIMITS)
                .thenApply(reply -> answers(job, reply, keys.size()))
                .exceptionally(failure -> {
                    String why = PeerSurvey.why(failure);
                    LOG.debugf("worker %s is no help with its state: it %s", peer.instance(), why);
                    Unavailable unavailable =
                            Unavailable.because("worker " + peer.instance() + ", which has the partition, " + why);
                    return keys.stream().<StateAnswer>map(key -> unavailable).toList();
                });
    }

    /** The process that listens at the address now may be something else altogether. */
    private static List<StateAnswer> answers(String job, byte[] json, int count) {
        try {
            StateReply reply = JSON.readValue(json, StateReply.class);
            if (!job.equals(reply.job())
                    || reply.results() == null
                    || reply.results().size() != count) {
                throw new CompletionException(new PeerException("answers another question"));
            }
            return reply.results().stream().map(StateReply.Result::toAnswer).toList();
        } catch (IOException e) {
            throw new CompletionException(new PeerException("answers what this version does not understand"));
        }
    }

    /**
     * Answers another worker: of this one's state only.
     *
     * @return nothing where this is not a worker of the other's job, or not one yet
     */
    public Optional<StateReply> answer(String state, StateQuestion question) {
        return lifecycle
                .worker()
                .filter(worker -> worker.directory().job().equals(question.job()))
                .map(worker -> new StateReply(
                        worker.directory().job(),
                        worker.directory().self().instance(),
                        read(worker, new Asked(state, question.consistency(), question.entries()), question.keys())
                                .stream()
                                .map(StateReply.Result::of)
                                .toList()));
    }

    private static List<StateAnswer> read(Worker worker, Asked asked, List<StateQuestion.Key> keys) {
        return worker.read(keys.stream()
                .map(key -> new StateQuery(
                        asked.state(),
                        key.key(),
                        asked.entries(),
                        key.partition(),
                        key.partitionCount(),
                        asked.consistency()))
                .toList());
    }

    private static StateQuestion.Key addressed(Wanted wanted, int count) {
        return wanted.partition().isPresent()
                ? new StateQuestion.Key(wanted.key(), wanted.partition().getAsInt(), 0)
                : new StateQuestion.Key(wanted.key(), partitionOf(wanted.key(), count), count);
    }

    /** The partition that Kafka's producers send a key to, unless they are told otherwise. */
    static int partitionOf(byte[] key, int count) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }
}
