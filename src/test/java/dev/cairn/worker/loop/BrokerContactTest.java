package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class BrokerContactTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final BrokerContact contact = new BrokerContact(now::get);

    @Test
    void shouldCountFromTheLastLookThatSawANewAnswer() {
        // Given
        contact.of(Map.of(name("consumer-metrics"), metric("consumer-metrics")));

        // When
        pass(3);

        // Then
        assertThat(contact.sinceContact()).isEqualTo(Duration.ofSeconds(3));

        // When
        answers.incrementAndGet();
        contact.look();
        pass(1);
        contact.look();
        pass(4);

        // Then
        assertThat(contact.sinceContact()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldNotCountTheAnswersOfOneBrokerTwice() {
        // Given
        contact.of(Map.of(name("consumer-node-metrics"), metric("consumer-node-metrics")));
        pass(3);

        // When
        answers.incrementAndGet();
        contact.look();

        // Then
        assertThat(contact.sinceContact()).isEqualTo(Duration.ofSeconds(3));
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static MetricName name(String group) {
        return new MetricName("response-total", group, "", Map.of());
    }

    private Metric metric(String group) {
        return new Metric() {
            @Override
            public MetricName metricName() {
                return name(group);
            }

            @Override
            public Object metricValue() {
                return (double) answers.get();
            }
        };
    }
}
