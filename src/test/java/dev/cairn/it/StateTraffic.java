package dev.cairn.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.producer.Producer;

import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;

/**
 * Counts of keys that only grow, fed by one thread, and asked for by several: each answer is checked against what was known
 * when the question was put, and what had been fed when the answer came.
 */
final class StateTraffic implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    /** What came of a question. */
    enum Result {
        /** The right value. */
        RIGHT,
        /** 503 with Retry-After. */
        LATER,
        /** No one listened, or the connection broke. */
        BROKEN
    }

    private final TestBroker broker;
    private final String topic;
    private final int keys;
    private final AtomicLongArray fed;
    private final AtomicLongArray seen;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Map<Result, AtomicLong> results = new EnumMap<>(Result.class);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();

    StateTraffic(TestBroker broker, String topic, int keys) {
        this.broker = broker;
        this.topic = topic;
        this.keys = keys;
        this.fed = new AtomicLongArray(keys);
        this.seen = new AtomicLongArray(keys);
        for (Result result : Result.values()) {
            results.put(result, new AtomicLong());
        }
    }

    static String key(int number) {
        return "key-" + number;
    }

    /** Feeds every key this often. */
    void feed(int times) {
        try (Producer<byte[], byte[]> producer = Topics.producer(broker)) {
            for (int i = 0; i < times; i++) {
                round(producer);
            }
            producer.flush();
        }
    }

    /** Feeds all keys over and over, and asks for random ones at random workers, until it is closed. */
    void start(int askers, Supplier<List<String>> workers) {
        run("feed", () -> {
            try (Producer<byte[], byte[]> producer = Topics.producer(broker)) {
                while (going.get()) {
                    round(producer);
                    producer.flush();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < askers; i++) {
            run("ask-" + i, () -> {
                while (going.get()) {
                    List<String> up = workers.get();
                    ThreadLocalRandom random = ThreadLocalRandom.current();
                    ask(up.get(random.nextInt(up.size())), random.nextInt(keys));
                }
            });
        }
    }

    /** Asks a worker for a key, and notes what comes. */
    Result ask(String worker, int number) {
        long before = seen.get(number);
        Result result;
        try {
            HttpResponse<String> answer = get(http, worker, key(number));
            result = judge(worker, number, before, answer);
        } catch (IOException e) {
            result = Result.BROKEN;
        }
        results.get(result).incrementAndGet();
        return result;
    }

    private Result judge(String worker, int number, long before, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() == UNAVAILABLE
                && answer.headers().firstValue("Retry-After").isPresent()) {
            return Result.LATER;
        }
        JsonNode json = new ObjectMapper().readTree(answer.body());
        long count = json.path("value").path("count").asLong(-1);
        if (answer.statusCode() != OK || count < before || count > fed.get(number)) {
            wrong.add(worker + " answers " + answer.statusCode() + " for " + key(number) + ": " + answer.body()
                    + "; seen before: " + before + ", fed: " + fed.get(number));
        }
        seen.accumulateAndGet(number, count, Math::max);
        return Result.RIGHT;
    }

    static HttpResponse<String> get(HttpClient http, String worker, String key) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(worker + "/state/aggregate/" + key))
                            .timeout(LIMIT)
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** How often a key was fed. */
    long fed(int number) {
        return fed.get(number);
    }

    long count(Result result) {
        return results.get(result).get();
    }

    /** Answers that cannot be. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    private void round(Producer<byte[], byte[]> producer) {
        for (int number = 0; number < keys; number++) {
            // Before it is sent: an answer may count it at once.
            fed.incrementAndGet(number);
            @SuppressWarnings("unused") // Flushed, by an idempotent producer.
            var sent = producer.send(Topics.record(topic, key(number), "{\"delay\":1}"));
        }
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Ends feeding and asking. */
    @Override
    public void close() {
        going.set(false);
        for (Thread thread : threads) {
            try {
                thread.join(LIMIT.plusSeconds(5).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
        going.set(true);
    }

    @Override
    public String toString() {
        return results.toString();
    }
}
