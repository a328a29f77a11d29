package org.example.jobs;

import java.time.Duration;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Ttl;

/** Raises an alert when a card has paid three times within a minute. The key is the card. */
@Dependent
@Named("three-payments")
public class ThreePayments implements Processor<String, ThreePayments.Payment, String, ThreePayments.Alert> {

    private static final int PAYMENTS = 3;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private ListState<Paid> latest;

    /** A payment, as it is in the input. */
    public record Payment(String shop, long cents) {}

    /** What is remembered of a payment; the time is in milliseconds since the epoch. */
    public record Paid(long time, long cents) {}

    /** Three payments: the times of the first and of the last one, and the sum. */
    public record Alert(long first, long last, long cents) {}

    @Override
    public void declare(Declaration<String, Payment, String, Alert> declare) {
        declare.input(Serdes.String(), JsonSerde.of(Payment.class));
        declare.output(Serdes.String(), JsonSerde.of(Alert.class));
        // A card that is no longer used is forgotten. An hour leaves time for records that are late.
        latest = declare.listState(
                "latest",
                JsonSerde.of(Paid.class),
                Ttl.after(Duration.ofHours(1)).eventTime());
    }

    @Override
    public void process(InputRecord<String, Payment> payment, Output<String, Alert> output) {
        latest.add(new Paid(payment.timestamp(), payment.value().cents()));
        latest.keepLast(PAYMENTS);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long cents = 0;
        for (Paid each : latest) {
            first = Math.min(first, each.time());
            last = Math.max(last, each.time());
            cents += each.cents();
        }
        if (latest.size() == PAYMENTS && last - first < MINUTE) {
            output.emit(payment.key(), new Alert(first, last, cents));
            latest.clear();
        }
    }
}
