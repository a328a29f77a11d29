package org.example.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;

import org.example.jobs.EnrichedOrders.EnrichedOrder;
import org.example.jobs.EnrichedOrders.Order;
import org.junit.jupiter.api.Test;

import dev.cairn.test.ProcessorTest;

class EnrichedOrdersTest {

    @Test
    void shouldGiveAnOrderTheNameOfItsCustomer() {
        try (var test = ProcessorTest.of(EnrichedOrders::new)) {
            test.input("customers").send("c-1", "Ann");
            test.input("customers").send("c-2", "Bob");
            test.input("orders").send("c-1", new Order("o-1", 250));
            test.input("customers").send("c-1", "Anna");
            test.input("orders").send("c-1", new Order("o-2", 100));

            assertEquals(
                    List.of(new EnrichedOrder("o-1", 250, "Ann"), new EnrichedOrder("o-2", 100, "Anna")),
                    test.output().values());
        }
    }

    @Test
    void shouldLetAnOrderWaitForItsCustomer() {
        try (var test = ProcessorTest.of(EnrichedOrders::new)) {
            test.input("orders").send("c-1", new Order("o-1", 250));
            test.advanceBy(Duration.ofHours(23));
            assertEquals(List.of(), test.output().values());

            test.input("customers").send("c-1", "Ann");
            assertEquals(
                    List.of(new EnrichedOrder("o-1", 250, "Ann")), test.output().values());
            assertEquals(
                    ProcessorTest.START.toEpochMilli(),
                    test.output().records().get(0).timestamp());
            assertEquals(List.of(), test.state("waiting").list("c-1"));
        }
    }

    @Test
    void shouldForgetAnOrderThatHasWaitedForADay() {
        try (var test = ProcessorTest.of(EnrichedOrders::new)) {
            test.input("orders").send("c-1", new Order("o-1", 250));
            test.advanceBy(Duration.ofDays(1));
            test.input("customers").send("c-1", "Ann");

            assertEquals(List.of(), test.output().values());
        }
    }

    @Test
    void shouldForgetACustomerThatIsDeleted() {
        try (var test = ProcessorTest.of(EnrichedOrders::new)) {
            test.input("customers").send("c-1", "Ann");
            test.input("customers").send("c-1", null);
            test.input("orders").send("c-1", new Order("o-1", 250));

            assertEquals(List.of(), test.output().values());
            assertEquals(1, test.state("waiting").list("c-1").size());
        }
    }

    @Test
    void shouldContinueAfterACrashAndARestart() {
        try (var test = ProcessorTest.of(EnrichedOrders::new)) {
            test.input("customers").send("c-1", "Ann");
            test.input("orders").send("c-2", new Order("o-1", 250));
            test.restart();
            test.input("orders").send("c-1", new Order("o-2", 100));
            test.input("customers").send("c-2", "Bob");
            test.crash();
            test.checkpoint();

            assertEquals(
                    List.of(new EnrichedOrder("o-2", 100, "Ann"), new EnrichedOrder("o-1", 250, "Bob")),
                    test.output().committed().stream()
                            .map(record -> record.value())
                            .toList());
        }
    }
}
