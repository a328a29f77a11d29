package dev.cairn.worker.output;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Exactly once: two producers take turns, so that an epoch is processed while the one before it is uploaded and committed.
 */
public final class TransactionalOutputs implements Outputs {

    private TransactionalProducer current;
    private TransactionalProducer other;
    private CompletableFuture<Void> opening = new CompletableFuture<>();

    public TransactionalOutputs(TransactionalProducer first, TransactionalProducer second) {
        this.current = first;
        this.other = second;
    }

    /** Both at the same time, and while the consumer joins the group: a restart must be quick. */
    @Override
    public void start() {
        opening = CompletableFuture.allOf(open(current), open(other));
    }

    private static CompletableFuture<Void> open(TransactionalProducer producer) {
        return CompletableFuture.runAsync(producer::open, task -> new Thread(task, "open " + producer.id()).start());
    }

    @Override
    public boolean isStarted() {
        if (opening.isDone()) {
            try {
                opening.join();
            } catch (CompletionException e) {
                start();
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        return opening.isDone();
    }

    @Override
    public void add(String topic, String setting) {
        current.topics().add(topic, setting);
    }

    @Override
    public void requireSendable(ProducerRecord<byte[], byte[]> record) {
        current.requireSendable(record);
    }

    @Override
    public SendResults.Origin origin(ConsumerRecord<?, ?> input) {
        return current.results().of(input);
    }

    @Override
    public SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> input) {
        return current.results().ofDeadLetter(input);
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
        current.send(record, origin);
    }

    @Override
    public void check() {
        current.check();
    }

    @Override
    public void flush() {
        current.flush();
    }

    @Override
    public Frozen freeze() {
        current.flush();
        TransactionalProducer frozen = current;
        current = other;
        other = frozen;
        return frozen;
    }

    @Override
    public List<Refusal> rollBack() {
        List<Refusal> refusals = new ArrayList<>(other.abort());
        refusals.addAll(current.abort());
        return refusals;
    }

    @Override
    public List<String> transactionalIds() {
        return List.of(current.id(), other.id()).stream().sorted().toList();
    }

    @Override
    public void close() {
        current.close();
        other.close();
    }
}
