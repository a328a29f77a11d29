package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.fault.StepGate;

/**
 * An {@link EmbeddedWorker} in a process of its own, which can be stopped and killed while it is held at a step: {@code
 * SteeredWorker <file of settings> <step> <file>}. It is let go as soon as the file exists.
 */
public final class SteeredWorker {

    private static final String HELD = "held at ";
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private SteeredWorker() {}

    /** Starts a worker of a job that is held when it reaches a step for the first time, and waits until it is. */
    public static WorkerProcess startHeld(
            TestJob job, String instance, Path directory, CheckpointStep step, Path release) {
        Path file = directory.resolve(instance + ".properties");
        Properties settings = new Properties();
        settings.putAll(job.settings(instance));
        try (var writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + file, e);
        }
        WorkerProcess process = WorkerProcess.ofMain(
                        SteeredWorker.class, file.toString(), step.name(), release.toString())
                .name(instance)
                .directory(directory)
                .jvm("-XX:TieredStopAtLevel=1", "-Xmx256m")
                .start();
        process.awaitOutput(HELD + step, LIMIT);
        return process;
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logs.toConsole();
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        CheckpointStep step = CheckpointStep.valueOf(arguments[1]);
        Path release = Path.of(arguments[2]);
        StepGate gate = new StepGate();
        StepGate.Hold hold = gate.holdAt(step);
        EmbeddedWorker.of(settings, gate, UnaryOperator.identity()).start();
        hold.awaitHeld();
        System.out.println(HELD + step);
        while (!Files.exists(release)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        hold.release();
        Thread.currentThread().join();
    }
}
