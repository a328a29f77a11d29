package dev.cairn.rest;

import java.io.IOException;
import java.util.stream.Stream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.Status;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import org.jboss.logging.Logger;

import dev.cairn.storage.Printable;

/**
 * The last hand at every problem: those of the framework say the way out as well, and what failed for a reason of ours is
 * logged, without the path of the request, which may hold a key.
 */
@ApplicationScoped
class ProblemFinish implements ProblemPostProcessor {

    private static final Logger LOG = Logger.getLogger(ProblemFinish.class);

    /** What reads bodies. */
    private static final String BODY = "org.jboss.resteasy.reactive.server.vertx.VertxInputStream";

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (isGone(context.cause)) {
            LOG.debug("the body of a request did not arrive as a whole", context.cause);
            return Problems.wrong("the body did not arrive as a whole. Send it again");
        }
        Status status = Status.fromStatusCode(problem.getStatusCode());
        if (status == Status.INTERNAL_SERVER_ERROR) {
            log(context.cause);
        }
        boolean ofFramework = context.cause instanceof WebApplicationException || problem.getDetail() == null;
        if (status == null || context.cause instanceof HttpProblem || !ofFramework) {
            return problem.getDetail() == null ? problem : withDetail(problem, Printable.line(problem.getDetail()));
        }
        return withDetail(problem, Problems.detail(status));
    }

    private static HttpProblem withDetail(HttpProblem problem, String detail) {
        return HttpProblem.builder(problem).withDetail(detail).build();
    }

    /** Whether the body of a request stopped arriving; another failure of input is somebody's own. */
    static boolean isGone(Throwable failure) {
        return failure instanceof IOException
                && Stream.of(failure.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().startsWith(BODY));
    }

    private static void log(Throwable cause) {
        if (cause instanceof HttpProblem known) {
            LOG.errorf("a request to the REST interface failed: %s", Printable.line(known.getDetail()));
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
