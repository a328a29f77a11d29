package dev.cairn.rest;

import java.time.Duration;
import jakarta.ws.rs.core.Response.Status;

import io.quarkiverse.resteasy.problem.HttpProblem;

/** What callers are told when something cannot be answered: what, why, and the way out. */
final class Problems {

    private static final Duration SOON = Duration.ofSeconds(1);

    private Problems() {}

    /** The request itself is wrong. */
    static HttpProblem wrong(String detail) {
        return HttpProblem.valueOf(Status.BAD_REQUEST, detail);
    }

    /** It cannot be done as things are. */
    static HttpProblem refused(String detail) {
        return HttpProblem.valueOf(Status.CONFLICT, detail);
    }

    /** It is not for the caller. */
    static HttpProblem forbidden(String detail) {
        return HttpProblem.valueOf(Status.FORBIDDEN, detail);
    }

    /** There is no such thing. */
    static HttpProblem unknown(String detail) {
        return HttpProblem.valueOf(Status.NOT_FOUND, detail);
    }

    /** It is there, and cannot be read. */
    static HttpProblem damaged(String detail) {
        return HttpProblem.valueOf(
                Status.INTERNAL_SERVER_ERROR, detail + ". checkpoints verify shows what else is wrong");
    }

    /** It cannot be answered now. */
    static HttpProblem notYet(String detail) {
        return notYet(detail, SOON);
    }

    /**
     * It cannot be answered now.
     *
     * @param retryAfter when it is worth asking again, in whole seconds
     */
    static HttpProblem notYet(String detail, Duration retryAfter) {
        return HttpProblem.builder()
                .withTitle(Status.SERVICE_UNAVAILABLE.getReasonPhrase())
                .withStatus(Status.SERVICE_UNAVAILABLE)
                .withDetail(detail + "; ask again in a moment")
                .withHeader("Retry-After", retryAfter.toSeconds())
                .build();
    }

    /** What to say of an error that says nothing by itself. */
    static String detail(Status status) {
        return switch (status) {
            case UNAUTHORIZED -> "this needs a bearer token that the worker knows";
            case NOT_FOUND -> "there is no such path. GET /q/openapi shows those that there are";
            case METHOD_NOT_ALLOWED -> "the path does not take this method. GET /q/openapi shows which it takes";
            case UNSUPPORTED_MEDIA_TYPE -> "the body is not JSON. Send it with Content-Type: application/json";
            case NOT_ACCEPTABLE ->
                "the path has no answer of the types that are accepted. Accept application/json, or"
                        + " text/event-stream for /events";
            case REQUEST_ENTITY_TOO_LARGE -> "the body is too large. Send less at a time";
            case REQUEST_URI_TOO_LONG -> "the path is too long. Send keys in the body of POST /state/{name}";
            case INTERNAL_SERVER_ERROR -> "the worker has failed to answer. Its log says more";
            default -> "the request cannot be answered as it is. Correct it; GET /q/openapi shows what there is";
        };
    }
}
