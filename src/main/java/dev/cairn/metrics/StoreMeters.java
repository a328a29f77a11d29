package dev.cairn.metrics;

import java.time.Duration;
import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import dev.cairn.storage.StoreListener;

/** Counts the requests to the store. On the threads that make them. */
@ApplicationScoped
public class StoreMeters implements StoreListener {

    private final MeterRegistry registry;

    StoreMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(Request request, Result result, Duration duration, long bytes) {
        Timer.builder(Metric.STORE_REQUESTS.id())
                .description(Metric.STORE_REQUESTS.description())
                .tags(Metric.STORE_REQUESTS.tagged(Texts.lower(request), Texts.lower(result)))
                .register(registry)
                .record(duration);
        if (bytes > 0) {
            Metric.STORE_BYTES.counter(registry, Texts.lower(request)).increment((double) bytes);
        }
    }
}
