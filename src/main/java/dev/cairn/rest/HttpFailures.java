package dev.cairn.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response.Status;

import io.quarkus.oidc.OIDCException;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.storage.Printable;

/**
 * Errors of requests that no resource has seen: no such path, a path that cannot be read, too large a body. They are problems
 * as well, and are logged without the path, which may hold a key. What Vert.x refuses before it knows a path has no body: a
 * broken request line, broken headers, or far too long ones.
 */
@ApplicationScoped
class HttpFailures {

    private static final Logger LOG = Logger.getLogger(HttpFailures.class);
    private static final List<Status> OF_NOBODY =
            List.of(Status.BAD_REQUEST, Status.NOT_FOUND, Status.METHOD_NOT_ALLOWED, Status.REQUEST_URI_TOO_LONG);
    private static final String MAX_BODY = "quarkus.http.limits.max-body-size";

    /** The longest path that an answer repeats. */
    private static final int MAX_SHOWN_PATH = 200;

    private final Optional<MemorySize> maxBody;
    private final RequestLimits limits;

    HttpFailures(Config config, RequestLimits limits) {
        this.limits = limits;
        maxBody = config.getOptionalValue(MAX_BODY, MemorySize.class);
    }

    void install(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::check).failureHandler(HttpFailures::failed);
        OF_NOBODY.forEach(status -> router.errorHandler(status.getStatusCode(), HttpFailures::answer));
    }

    /** Quarkus would refuse the same, without a word. */
    private void check(RoutingContext request) {
        Optional<RequestLimits.Refusal> refusal = limits.refuse(request.request());
        if (refusal.isPresent()) {
            closeAfterwards(request);
            answer(request, refusal.get().status(), refusal.get().detail());
        } else if (!isUri(request.request().uri())) {
            answer(
                    request,
                    Status.BAD_REQUEST,
                    "the path or the query is not one of a URI. Percent-encode what is no letter, digit or one of"
                            + " -._~, such as % as %25");
        } else if (maxBody.isPresent() && isLongerThan(maxBody.get().asLongValue(), request.request())) {
            closeAfterwards(request);
            answer(
                    request,
                    Status.REQUEST_ENTITY_TOO_LARGE,
                    "the body is larger than " + maxBody.get().asLongValue() + " bytes, which is " + MAX_BODY
                            + ". Send less at a time");
        } else {
            request.next();
        }
    }

    /** Else the connection would stay until it is idle for too long: the rest of the request may never come. */
    private static void closeAfterwards(RoutingContext request) {
        request.request().resume();
        if (request.request().version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
            request.addEndHandler(answered -> request.request().connection().close());
        }
    }

    private static boolean isUri(String text) {
        try {
            return text != null && new URI(text).getRawPath() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isLongerThan(long max, HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length != null && Long.parseLong(length) > max;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static void failed(RoutingContext request) {
        // Who may not is told by those who know how to ask for a token.
        if (request.failure() instanceof SecurityException) {
            request.next();
        } else if (request.failure() instanceof OIDCException) {
            // Quarkus has logged why.
            request.response().putHeader("Retry-After", "1");
            answer(
                    request,
                    Status.SERVICE_UNAVAILABLE,
                    "the token cannot be checked, because the OIDC provider at quarkus.oidc.auth-server-url does not answer."
                            + " Ask again when it does, or use a token of the worker's settings");
        } else {
            answer(request);
        }
    }

    private static void answer(RoutingContext request) {
        int code = request.statusCode() > 0 ? request.statusCode() : Status.INTERNAL_SERVER_ERROR.getStatusCode();
        if (ProblemFinish.isGone(request.failure()) || request.response().closed()) {
            LOG.debug("the sender of an HTTP request does not wait for the answer", request.failure());
        } else if (code >= Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
            LOG.error("an HTTP request failed", request.failure());
        }
        Status status = Status.fromStatusCode(code);
        if (status == null) {
            status = code < Status.INTERNAL_SERVER_ERROR.getStatusCode()
                    ? Status.BAD_REQUEST
                    : Status.INTERNAL_SERVER_ERROR;
        }
        answer(request, status, Problems.detail(status));
    }

    /** Ends a request with a problem, if it has no answer yet. */
    static void answer(RoutingContext request, Status status, String detail) {
        if (request.response().ended()
                || request.response().headWritten()
                || request.response().closed()) {
            return;
        }
        request.response()
                .setStatusCode(status.getStatusCode())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(new JsonObject()
                        .put("title", status.getReasonPhrase())
                        .put("status", status.getStatusCode())
                        .put("detail", detail)
                        .put("instance", shown(request.request().path()))
                        .encode());
    }

    private static String shown(String path) {
        String text = String.valueOf(path);
        return Printable.line(text.length() > MAX_SHOWN_PATH ? text.substring(0, MAX_SHOWN_PATH) + "..." : text);
    }
}
