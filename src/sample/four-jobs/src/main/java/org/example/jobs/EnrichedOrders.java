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
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;

/**
 * Gives each order the name of its customer. Both inputs have the customer's id as key, and so the same state. An order that
 * comes before its customer waits for a day.
 */
@Dependent
@Named("enriched-orders")
public class EnrichedOrders implements Processor<Void, Void, String, EnrichedOrders.EnrichedOrder> {

    private ValueState<String> customer;
    private ListState<WaitingOrder> waiting;
    private Output<String, EnrichedOrder> enriched;

    /** An order, as it is in the input. */
    public record Order(String id, long cents) {}

    /** An order whose customer is not known yet; the time is in milliseconds since the epoch. */
    public record WaitingOrder(Order order, long time) {}

    /** An order with the name of its customer. */
    public record EnrichedOrder(String id, long cents, String customer) {}

    @Override
    public void declare(Declaration<Void, Void, String, EnrichedOrder> declare) {
        declare.input("customers", Serdes.String(), Serdes.String(), this::learn);
        declare.input("orders", Serdes.String(), JsonSerde.of(Order.class), this::enrich);
        enriched = declare.output(Serdes.String(), JsonSerde.of(EnrichedOrder.class));
        customer = declare.valueState("customer", Serdes.String());
        waiting = declare.listState("waiting", JsonSerde.of(WaitingOrder.class), Ttl.after(Duration.ofDays(1)));
    }

    private void learn(InputRecord<String, String> name) {
        // A tombstone removes the customer.
        customer.update(name.value());
        if (name.value() != null) {
            for (WaitingOrder each : waiting) {
                emit(name.key(), each.order(), name.value(), each.time());
            }
            waiting.clear();
        }
    }

    private void enrich(InputRecord<String, Order> order) {
        String name = customer.value();
        if (name == null) {
            waiting.add(new WaitingOrder(order.value(), order.timestamp()));
        } else {
            emit(order.key(), order.value(), name, order.timestamp());
        }
    }

    private void emit(String key, Order order, String name, long time) {
        EnrichedOrder result = new EnrichedOrder(order.id(), order.cents(), name);
        enriched.emit(OutputRecord.of(key, result).at(time));
    }
}
