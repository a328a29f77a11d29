package dev.cairn.demo;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends traffic on a thread of its own until it is closed, and then has sent what it took. */
final class TrafficSource implements AutoCloseable {

    private final Pacer pacer;
    private final Console console;
    private final Producer<byte[], byte[]> producer;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Thread thread;

    private TrafficSource(String bootstrapServers, Traffic traffic, Pacer pacer, Console console) {
        this.pacer = pacer;
        this.console = console;
        // A record that is given up would leave a gap, which is never noticed again: it is tried for ever.
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        5,
                        "delivery.timeout.ms",
                        Integer.MAX_VALUE,
                        "max.block.ms",
                        Long.MAX_VALUE),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = new Thread(() -> run(traffic), "traffic");
    }

    static TrafficSource start(String bootstrapServers, Traffic traffic, Pacer pacer, Console console) {
        TrafficSource source = new TrafficSource(bootstrapServers, traffic, pacer, console);
        source.thread.start();
        return source;
    }

    /** Completes only when traffic cannot continue, exceptionally with the cause. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    private void run(Traffic traffic) {
        try {
            String end = traffic.send(pacer, this::send);
            producer.flush();
            if (!pacer.isStopped()) {
                console.demo("%s; Ctrl-C ends the demo".formatted(end));
            }
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback learns of every problem
    private void send(ProducerRecord<byte[], byte[]> next) {
        producer.send(next, (sent, problem) -> {
            if (problem != null) {
                pacer.stop();
                failure.completeExceptionally(problem);
            }
        });
    }

    @Override
    public void close() {
        pacer.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
