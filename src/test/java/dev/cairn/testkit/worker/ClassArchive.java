package dev.cairn.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.trace.Tracing;

/**
 * The classes of the packaged worker as a JVM has loaded them (class data sharing), for the JVMs that start after it. To load
 * 10,000 classes is half of what a worker or a command costs that lives for seconds.
 *
 * <p>The first test that starts one makes the archive, from a worker's whole life; the other test processes of a run wait for it.
 */
final class ClassArchive {

    private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int RECORDS = 20;

    /** An archive that does not fit is not used; what the JVM says of it is none of the worker's output. */
    private static final List<String> SILENT = List.of("-Xlog:cds=off", "-Xlog:class+path=off");

    private static Path made;

    private ClassArchive() {}

    /** Flags for JVMs that run the packaged jar; none where it is an executable, or an agent changes classes. */
    static synchronized List<String> flags() {
        PackagedCairn packaged = PackagedCairn.find();
        if (packaged.kind() != PackagedCairn.Kind.JAR || !Tracing.jvmFlags().isEmpty()) {
            return List.of();
        }
        if (made == null) {
            made = findOrMake(packaged);
        }
        List<String> flags = new ArrayList<>(SILENT);
        flags.add("-XX:SharedArchiveFile=" + made);
        return flags;
    }

    private static Path findOrMake(PackagedCairn packaged) {
        try {
            Files.createDirectories(DIRECTORY);
            Path archive = DIRECTORY.resolve(name(packaged));
            try (FileChannel file =
                    FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Released when the file is closed.
                file.lock();
                if (!Files.exists(archive)) {
                    removeOlder();
                    make(packaged, archive);
                }
            }
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make an archive of classes in " + DIRECTORY, e);
        }
    }

    /** Another JVM, or another build, needs another one. */
    private static String name(PackagedCairn packaged) throws IOException {
        long built = Files.getLastModifiedTime(packaged.path()).toMillis();
        return "worker-" + System.getProperty("java.vm.version") + "-" + built + ".jsa";
    }

    private static void removeOlder() throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(DIRECTORY, "*.jsa")) {
            for (Path archive : archives) {
                Files.delete(archive);
            }
        }
    }

    private static void make(PackagedCairn packaged, Path archive) throws IOException {
        Path making = Files.createTempDirectory(DIRECTORY, "making");
        Path unfinished = making.resolve("worker.jsa");
        TestBroker broker = Brokers.shared();
        String job = making.getFileName().toString();
        broker.createTopic(job + "-in", 1);
        broker.createTopic(job + "-out", 1);
        for (int i = 0; i < RECORDS; i++) {
            Topics.send(broker, List.of(record(job, i)));
        }
        try (WorkerProcess worker = WorkerProcess.of(packaged)
                .name("class-archive")
                .jvm("-XX:ArchiveClassesAtExit=" + unfinished)
                .jvm(SILENT.toArray(String[]::new))
                .set("kafka.bootstrap.servers", broker.bootstrapServers())
                .set("cairn.job", job)
                .set("cairn.input.topics", job + "-in")
                .set("cairn.output.topic", job + "-out")
                .set("cairn.processor", "aggregate")
                .set("cairn.aggregate.value", "/delay")
                .set(
                        "state.checkpoints.dir",
                        making.resolve("checkpoints").toUri().toString())
                .set(
                        "taskmanager.state.local.root-dirs",
                        making.resolve("local").toString())
                .set("execution.checkpointing.interval", "200ms")
                .start()) {
            await("a checkpoint").atMost(LIMIT).until(() -> {
                assertThat(worker.isAlive()).as("%s", worker.output()).isTrue();
                return Readers.readCommitted(broker, job + "-out").size() == RECORDS;
            });
            Scrape.of(worker);
            worker.terminate(LIMIT);
        }
        Files.move(unfinished, archive);
    }

    private static ProducerRecord<byte[], byte[]> record(String job, int number) {
        return Topics.record(job + "-in", "key-" + number, "{\"delay\":" + number + "}");
    }
}
