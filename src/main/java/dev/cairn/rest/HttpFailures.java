package dev.cairn.rest;

import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response.Status;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/**
 * Errors of requests that no resource has seen: no such path, a path that cannot be read. They are problems as well, and are
 * logged without the path, which may hold a key.
 */
@ApplicationScoped
class HttpFailures {

    private static final Logger LOG = Logger.getLogger(HttpFailures.class);
    private static final List<Status> OF_NOBODY =
            List.of(Status.BAD_REQUEST, Status.NOT_FOUND, Status.METHOD_NOT_ALLOWED, Status.REQUEST_URI_TOO_LONG);

    void install(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(failed());
        OF_NOBODY.forEach(status -> router.errorHandler(status.getStatusCode(), HttpFailures::answer));
    }

    private static Handler<RoutingContext> failed() {
        return request -> {
            // Who may not is told by those who know how to ask for a token.
            if (request.failure() instanceof SecurityException) {
                request.next();
            } else {
                answer(request);
            }
        };
    }

    private static void answer(RoutingContext request) {
        int code = request.statusCode() > 0 ? request.statusCode() : Status.INTERNAL_SERVER_ERROR.getStatusCode();
        if (code >= Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
            LOG.error("an HTTP request failed", request.failure());
        }
        if (request.response().ended() || request.response().headWritten()) {
            return;
        }
        Status status = Status.fromStatusCode(code);
        String title = status == null ? "Error" : status.getReasonPhrase();
        request.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("title", title)
                        .put("status", code)
                        .put("detail", Problems.detail(status == null ? Status.BAD_REQUEST : status))
                        .put("instance", request.request().path())
                        .encode());
    }
}
