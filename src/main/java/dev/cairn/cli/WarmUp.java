package dev.cairn.cli;

import io.quarkus.runtime.ImageMode;
import org.jboss.logging.Logger;

/**
 * Loads classes that the worker is going to need, while the application starts: a restart is to take a second or two, and
 * on a JVM most of that is the loading of classes, which one core does at a time.
 *
 * <p>Changes nothing but when they are loaded; a class that is not there any more is left out.
 */
final class WarmUp {

    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    /** Each draws in many others, in the order of their use. */
    private static final String[] CLASSES = {
        "org.apache.kafka.common.protocol.ApiKeys",
        "org.apache.kafka.clients.admin.KafkaAdminClient",
        "org.apache.kafka.clients.consumer.KafkaConsumer",
        "org.apache.kafka.clients.producer.KafkaProducer",
        "dev.cairn.checkpoint.MetadataCodec",
    };

    private WarmUp() {}

    static void start() {
        if (ImageMode.current() == ImageMode.JVM) {
            Thread thread = new Thread(WarmUp::load, "cairn-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void load() {
        for (String name : CLASSES) {
            try {
                Class.forName(name);
            } catch (ClassNotFoundException | LinkageError e) {
                LOG.debugf("%s is loaded when it is needed: %s", name, e);
            }
        }
    }
}
