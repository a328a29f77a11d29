package dev.cairn.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import jakarta.enterprise.context.ApplicationScoped;

/** Which workers have done what this worker has told all of them. Thread-safe. */
@ApplicationScoped
class Acknowledgements {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Map<String, Map<String, String>> failures = new HashMap<>();

    /**
     * Who has answered.
     *
     * @param failures why they could not do it, by worker; empty for those who could
     * @param missing who has not answered in time
     * @param note what else there is to say; empty where there is nothing
     */
    record Answered(Map<String, String> failures, Set<String> missing, String note) {

        boolean isFailed() {
            return failures.values().stream().anyMatch(failure -> !failure.isEmpty());
        }

        Answered with(String other) {
            return new Answered(failures, missing, other);
        }

        /** What there is to say of it; nothing where all have done it. */
        String remark() {
            List<String> remarks = new ArrayList<>();
            failures.forEach((worker, failure) -> {
                if (!failure.isEmpty()) {
                    remarks.add("worker " + worker + ": " + failure);
                }
            });
            if (!missing.isEmpty()) {
                remarks.add("no answer from " + String.join(", ", missing));
            }
            if (!note.isEmpty()) {
                remarks.add(note);
            }
            return String.join("; ", remarks);
        }
    }

    /** From now on answers to this command are kept, until they have been awaited. */
    synchronized void expect(String command) {
        failures.put(command, new TreeMap<>());
    }

    synchronized void add(FleetEvent.CommandDone done) {
        Map<String, String> answers = failures.get(done.command());
        if (answers != null) {
            answers.put(done.worker(), done.failure());
            notifyAll();
        }
    }

    /**
     * Waits until all have answered.
     *
     * @param everyone asked now and then: who leaves is not waited for
     */
    Answered await(String command, Supplier<Set<String>> everyone, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                Set<String> missing = new TreeSet<>(everyone.get());
                synchronized (this) {
                    Map<String, String> answers = failures.get(command);
                    missing.removeAll(answers.keySet());
                    boolean complete = missing.isEmpty() && !answers.isEmpty();
                    if (complete || System.nanoTime() - deadline > 0) {
                        return new Answered(new TreeMap<>(answers), missing, "");
                    }
                    wait(BETWEEN_LOOKS.toMillis());
                }
            }
        } finally {
            forget(command);
        }
    }

    synchronized void forget(String command) {
        failures.remove(command);
    }
}
