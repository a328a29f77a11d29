package dev.cairn.testkit.broker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.Ports;

/** Kafka's broker in a container of its own. Testcontainers removes it when this JVM ends. Its methods are for one thread. */
public final class ContainerBroker extends ConnectedBroker implements StoppableBroker {

    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.1.2");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        super(container.getBootstrapServers());
        this.container = container;
    }

    /**
     * Starts a broker.
     *
     * @param settings of the broker, in addition to and instead of the usual ones
     */
    @SuppressWarnings("resource") // ends with the broker that takes it over
    public static ContainerBroker start(Map<String, String> settings) {
        KafkaContainer container = new KafkaContainer(IMAGE).withEnv("KAFKA_HEAP_OPTS", "-Xmx512m");
        BrokerSettings.common()
                .forEach((name, value) -> container.withEnv(BrokerSettings.environmentName(name), value));
        settings.forEach((name, value) -> container.withEnv(BrokerSettings.environmentName(name), value));
        // A container that is started again gets other ports, unless it is told which; the broker advertises the first.
        container.setPortBindings(List.of(Ports.free() + ":9092"));
        container.start();
        return new ContainerBroker(container);
    }

    @Override
    public void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        await("broker at " + bootstrapServers())
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> !Answers.of(admin().describeCluster().nodes()).isEmpty());
    }

    @Override
    public void stop() {
        // The container's first process is a shell, which does not hand a signal on.
        try {
            container.execInContainer("pkill", "-TERM", "java");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop the broker at " + bootstrapServers(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping the broker", e);
        }
        await("end of the broker at " + bootstrapServers()).atMost(LIMIT).until(() -> !container.isRunning());
    }

    @Override
    public void kill() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void resume() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void close() {
        admin().close(Duration.ZERO);
        container.stop();
    }
}
