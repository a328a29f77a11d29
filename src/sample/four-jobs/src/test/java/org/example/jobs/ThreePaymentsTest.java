package org.example.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;

import org.example.jobs.ThreePayments.Alert;
import org.example.jobs.ThreePayments.Payment;
import org.junit.jupiter.api.Test;

import dev.cairn.test.ProcessorTest;

class ThreePaymentsTest {

    private static final long START = ProcessorTest.START.toEpochMilli();

    @Test
    void shouldRaiseAnAlertForThreePaymentsWithinAMinute() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            pay(test, "card-1", 0);
            pay(test, "card-2", 10);
            pay(test, "card-1", 20);
            assertEquals(List.of(), test.output().values());

            pay(test, "card-1", 59);
            assertEquals(List.of(alert(0, 59)), test.output().values());
            assertEquals("card-1", test.output().records().get(0).key());
        }
    }

    @Test
    void shouldRaiseNoAlertForPaymentsThatAreFurtherApart() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            for (int second = 0; second <= 300; second += 30) {
                pay(test, "card-1", second);
            }

            assertEquals(List.of(), test.output().values());
        }
    }

    @Test
    void shouldCountAPaymentForOneAlertOnly() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            for (int second = 0; second < 6; second++) {
                pay(test, "card-1", second);
            }

            assertEquals(List.of(alert(0, 2), alert(3, 5)), test.output().values());
        }
    }

    @Test
    void shouldTakePaymentsInAnyOrder() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            pay(test, "card-1", 50);
            pay(test, "card-1", 20);
            pay(test, "card-1", 40);

            assertEquals(List.of(alert(20, 50)), test.output().values());
        }
    }

    @Test
    void shouldContinueAfterACrashAndARestart() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            pay(test, "card-1", 0);
            test.checkpoint();
            pay(test, "card-1", 10);
            test.crash();
            pay(test, "card-1", 20);
            test.crash();
            assertEquals(List.of(alert(0, 20)), test.output().values());

            pay(test, "card-1", 30);
            test.restart();
            pay(test, "card-1", 40);
            pay(test, "card-1", 50);
            test.checkpoint();
            assertEquals(2, test.output().committed().size());
        }
    }

    @Test
    void shouldForgetACardThatIsNoLongerUsed() {
        try (var test = ProcessorTest.of(ThreePayments::new)) {
            pay(test, "card-1", 0);
            pay(test, "card-2", 3600);

            assertEquals(List.of(), test.state("latest").list("card-1"));
            assertEquals(1, test.state("latest").list("card-2").size());
        }
    }

    private static void pay(ProcessorTest<String, Payment, String, Alert> test, String card, int second) {
        test.send(card, new Payment("bakery", 250), Instant.ofEpochMilli(START + second * 1000L));
    }

    private static Alert alert(int first, int last) {
        return new Alert(START + first * 1000L, START + last * 1000L, 750);
    }
}
