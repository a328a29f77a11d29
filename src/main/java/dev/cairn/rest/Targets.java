package dev.cairn.rest;

import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.job.JobException;
import dev.cairn.job.SavepointTarget;

/** Where callers want savepoints to go. */
@ApplicationScoped
class Targets {

    private final ThisWorker self;

    Targets(ThisWorker self) {
        this.self = self;
    }

    /**
     * What a caller has named, which may be nothing.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem when it cannot be, or somebody has to name one
     */
    Optional<String> checked(String named) {
        if (named == null) {
            if (self.worker().settings().checkpoints().savepointsDir().isEmpty()) {
                throw Problems.wrong(
                        "no directory for the savepoint is named, and state.savepoints.dir is not set. Send"
                                + " {\"target-directory\":\"s3://bucket/prefix\"}, or set it");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(SavepointTarget.checked(named));
        } catch (JobException e) {
            throw Problems.wrong(e.getMessage());
        }
    }
}
