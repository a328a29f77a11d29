package dev.cairn.rest;

import java.util.Map;
import java.util.Optional;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers 401 as a problem, with what the authentication asks for. The mappers of quarkus-resteasy-problem 3.21 read fields of
 * {@link ChallengeData} that Quarkus 3.33 does not have any more, and answer 500; these come before them.
 */
public class Unauthorized {

    /** Those of quarkus-resteasy-problem have 4999; the lowest wins. */
    private static final int PRIORITY = 4000;

    /** No one has been identified, and someone is needed. */
    @ServerExceptionMapper(value = UnauthorizedException.class, priority = PRIORITY)
    public Uni<Response> missing(RoutingContext request, UnauthorizedException cause) {
        return answer(request, cause);
    }

    /** Credentials that no one knows. */
    @ServerExceptionMapper(value = AuthenticationFailedException.class, priority = PRIORITY)
    public Uni<Response> wrong(RoutingContext request, AuthenticationFailedException cause) {
        return answer(request, cause);
    }

    private static Uni<Response> answer(RoutingContext request, Exception cause) {
        return challenge(request)
                .onFailure()
                .recoverWithItem(Optional.empty())
                .map(challenge -> problem(challenge, cause))
                .map(problem -> ExceptionMapperBase.postProcessorsRegistry
                        .applyPostProcessing(problem, ProblemContext.of(cause, request.normalizedPath()))
                        .toResponse());
    }

    private static Uni<Optional<ChallengeData>> challenge(RoutingContext request) {
        HttpAuthenticator authenticator = request.get(HttpAuthenticator.class.getName());
        return authenticator == null
                ? Uni.createFrom().item(Optional.empty())
                : authenticator.getChallenge(request).map(Optional::ofNullable);
    }

    private static HttpProblem problem(Optional<ChallengeData> challenge, Exception cause) {
        Status status =
                challenge.map(known -> Status.fromStatusCode(known.status)).orElse(Status.UNAUTHORIZED);
        HttpProblem.Builder problem =
                HttpProblem.builder().withTitle(status.getReasonPhrase()).withStatus(status);
        if (challenge.isEmpty()) {
            return problem.withDetail(cause.getMessage()).build();
        }
        Map<CharSequence, String> headers = challenge.get().getHeaders();
        headers.forEach((name, value) -> problem.withHeader(name.toString(), value));
        return problem.build();
    }
}
