package dev.cairn.rest;

import java.util.Arrays;

import dev.cairn.worker.status.Finding;
import dev.cairn.worker.status.Reason;

/**
 * Why a worker or a job is in its state.
 *
 * @param finding what was found, by a name of {@code docs/operate/health.md}
 * @param state the state that follows from it
 * @param subject what it was found of: {@code cairn-loop-0}, {@code partition-3}, {@code kafka}, {@code store}, a worker
 * @param text a sentence for people
 */
record ReasonView(String finding, String state, String subject, String text) {

    static ReasonView of(Reason reason) {
        return new ReasonView(
                reason.finding().name(), reason.finding().state().name(), reason.subject(), reason.text());
    }

    /** The same; a worker of another version may have found what this one does not know. */
    Reason reason() {
        return new Reason(
                Arrays.stream(Finding.values())
                        .filter(known -> known.name().equals(finding))
                        .findFirst()
                        .orElse(Finding.OTHER),
                subject,
                text);
    }
}
