package dev.cairn.cli;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;

import io.quarkus.runtime.ImageMode;
import org.apache.kafka.clients.admin.KafkaAdminClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.CheckpointStore;

/**
 * Loads classes that the worker is going to need, while the application starts: a restart is to take a second or two, and
 * on a JVM most of that is the loading of classes, which one core does at a time.
 *
 * <p>Changes nothing but when they are loaded.
 */
final class WarmUp {

    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    private WarmUp() {}

    static void start() {
        if (ImageMode.current() == ImageMode.JVM) {
            Thread thread = new Thread(WarmUp::load, "cairn-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Each draws in many others, in the order of their use. */
    private static void load() {
        try {
            initialize(ApiKeys.class);
            initialize(KafkaAdminClient.class);
            initialize(KafkaConsumer.class);
            initialize(KafkaProducer.class);
            CheckpointStore.prepare();
        } catch (IllegalAccessException | LinkageError e) {
            LOG.debugf("classes are loaded when they are needed: %s", e);
        }
    }

    private static void initialize(Class<?> type) throws IllegalAccessException {
        Lookup lookup = MethodHandles.lookup();
        lookup.ensureInitialized(type);
    }
}
