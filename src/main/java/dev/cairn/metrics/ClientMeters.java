package dev.cairn.metrics;

import java.util.IdentityHashMap;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

import dev.cairn.worker.KafkaClientEvent;

/** Binds the metrics of Kafka's own clients, for as long as each is open. */
@ApplicationScoped
public class ClientMeters {

    private final MeterRegistry registry;
    private final MetricsThread thread;
    private final IdentityHashMap<AutoCloseable, KafkaClientMetrics> bound = new IdentityHashMap<>();

    ClientMeters(MeterRegistry registry, MetricsThread thread) {
        this.registry = registry;
        this.thread = thread;
    }

    void happened(@Observes KafkaClientEvent event) {
        switch (event.kind()) {
            case OPENED -> thread.run(() -> bind(event.client()));
            case CLOSING -> thread.run(() -> unbind(event.client()));
        }
    }

    private void bind(AutoCloseable client) {
        metrics(client).ifPresent(metrics -> {
            bound.put(client, metrics);
            metrics.bindTo(registry);
        });
    }

    /** A producer that is opened anew has the name of the one before it. */
    private void unbind(AutoCloseable client) {
        KafkaClientMetrics metrics = bound.remove(client);
        if (metrics != null) {
            metrics.close();
        }
    }

    private static Optional<KafkaClientMetrics> metrics(AutoCloseable client) {
        if (client instanceof Consumer<?, ?> consumer) {
            return Optional.of(new KafkaClientMetrics(consumer));
        }
        if (client instanceof Producer<?, ?> producer) {
            return Optional.of(new KafkaClientMetrics(producer));
        }
        if (client instanceof AdminClient admin) {
            return Optional.of(new KafkaClientMetrics(admin));
        }
        return Optional.empty();
    }
}
