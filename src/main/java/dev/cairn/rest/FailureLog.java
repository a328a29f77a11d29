package dev.cairn.rest;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import org.jboss.logging.Logger;

/** Logs requests that failed for a reason of ours, without their paths: these hold keys. */
@ApplicationScoped
class FailureLog implements ProblemPostProcessor {

    private static final Logger LOG = Logger.getLogger(FailureLog.class);
    private static final int OURS = 500;

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (problem.getStatusCode() == OURS) {
            LOG.error("a request to the REST interface failed", context.cause);
        }
        return problem;
    }
}
