package dev.cairn.rest;

import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.job.AllowedTargets;
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
     * @throws io.quarkiverse.resteasy.problem.HttpProblem when it cannot be, is not allowed, or someone has to name one
     */
    Optional<String> checked(String named) {
        AllowedTargets allowed = new AllowedTargets(self.worker().settings().checkpoints());
        if (named == null) {
            if (allowed.byDefault().isEmpty()) {
                throw Problems.wrong(AllowedTargets.NONE_NAMED);
            }
        } else {
            try {
                SavepointTarget.checked(named);
            } catch (JobException e) {
                throw Problems.wrong(e.getMessage());
            }
        }
        try {
            allowed.require(Optional.ofNullable(named));
        } catch (JobException e) {
            throw Problems.forbidden(e.getMessage());
        }
        return Optional.ofNullable(named);
    }
}
