package dev.cairn.rest;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
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

    /** What reads bodies, and what writes answers. */
    private static final List<String> STREAMS = List.of(
            "org.jboss.resteasy.reactive.server.vertx.VertxInputStream", "io.quarkus.vertx.utils.VertxOutputStream");

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        HttpProblem finished = finished(problem, context);
        return context.path == null
                ? finished
                : HttpProblem.builder(finished)
                        .withInstance(instance(Printable.line(context.path)))
                        .build();
    }

    /** What is answered is the path of this, decoded. */
    private static URI instance(String path) {
        try {
            return new URI(null, null, path.startsWith("/") ? path : "/" + path, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static HttpProblem finished(HttpProblem problem, ProblemContext context) {
        if (isGone(context.cause)) {
            LOG.debug("the body of a request, or the answer, did not arrive as a whole", context.cause);
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

    /** Whether the sender of a request is gone, before its body or the answer was whole; other failures of I/O are our own. */
    static boolean isGone(Throwable failure) {
        return failure instanceof IOException
                && Stream.of(failure.getStackTrace())
                        .anyMatch(frame -> STREAMS.stream().anyMatch(frame.getClassName()::startsWith));
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
