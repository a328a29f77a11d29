package dev.cairn.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.Status;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import org.jboss.logging.Logger;

/**
 * The last hand at every problem: those of the framework say the way out as well, and what failed for a reason of ours is
 * logged, without the path of the request, which may hold a key.
 */
@ApplicationScoped
class ProblemFinish implements ProblemPostProcessor {

    private static final Logger LOG = Logger.getLogger(ProblemFinish.class);

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        Status status = Status.fromStatusCode(problem.getStatusCode());
        if (status == Status.INTERNAL_SERVER_ERROR) {
            log(context.cause);
        }
        boolean ofFramework = context.cause instanceof WebApplicationException || problem.getDetail() == null;
        if (status == null || context.cause instanceof HttpProblem || !ofFramework) {
            return problem;
        }
        return HttpProblem.builder(problem).withDetail(Problems.detail(status)).build();
    }

    private static void log(Throwable cause) {
        if (cause instanceof HttpProblem known) {
            LOG.errorf("a request to the REST interface failed: %s", known.getDetail());
        } else {
            LOG.error("a request to the REST interface failed", cause);
        }
    }

    /** Before the one that fills in what is missing. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }
}
