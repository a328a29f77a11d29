package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * When Kafka last answered a client: whenever its count of responses ({@code response-total}) has moved between two looks. An
 * idle consumer is answered, too: fetches every half second, heartbeats every few. Looked at by one thread, read by any.
 */
public final class BrokerContact {

    private static final String ANSWERS = "response-total";

    /** Of a client as a whole; others are of one broker each. */
    private static final List<String> OF_CLIENT = List.of("consumer-metrics", "admin-client-metrics");

    private final LongSupplier nanoTime;
    private volatile List<Metric> answers = List.of();
    private volatile double seen;
    private volatile long contactNanos;

    public BrokerContact() {
        this(System::nanoTime);
    }

    /** @param nanoTime the clock; until the first answer, contact counts from now */
    BrokerContact(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.contactNanos = nanoTime.getAsLong();
    }

    /** The client whose answers count. */
    public void of(Map<MetricName, ? extends Metric> metrics) {
        answers = metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(ANSWERS)
                        && OF_CLIENT.contains(metric.metricName().group()))
                .<Metric>flatMap(Stream::of)
                .toList();
    }

    /** Notices answers since the last look. */
    public void look() {
        double now = 0;
        for (Metric metric : answers) {
            if (metric.metricValue() instanceof Number number) {
                now += number.doubleValue();
            }
        }
        if (now != seen) {
            seen = now;
            contactNanos = nanoTime.getAsLong();
        }
    }

    /** How long ago the last answer came, to the precision of the looks. */
    public Duration sinceContact() {
        return Duration.ofNanos(nanoTime.getAsLong() - contactNanos);
    }
}
