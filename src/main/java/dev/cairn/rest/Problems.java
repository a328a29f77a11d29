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
        return HttpProblem.builder()
                .withTitle(Status.SERVICE_UNAVAILABLE.getReasonPhrase())
                .withStatus(Status.SERVICE_UNAVAILABLE)
                .withDetail(detail + "; ask again in a moment")
                .withHeader("Retry-After", SOON.toSeconds())
                .build();
    }
}
