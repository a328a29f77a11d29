package dev.cairn.rest;

import java.util.Optional;
import java.util.Set;
import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Who may do what: asked before every request, whoever answers it. What is not known to be open is not.
 *
 * <pre>
 *                     health, metrics, the page    reads       control
 * no credentials      everybody                    everybody   this machine, no page of another site
 * credentials         everybody                    viewer      operator
 * </pre>
 */
@ApplicationScoped
public class Access implements HttpSecurityPolicy {

    private static final String HEALTH = "/q/health";
    private static final String METRICS = "/q/metrics";
    private static final String STATE = "/state/";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String WAY_OUT = "; send the request from there, or set cairn.security.operator-token and send"
            + " it as a bearer token, or use OIDC";

    private final Credentials credentials;

    Access(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        if (isOpen(request)) {
            return CheckResult.permit();
        }
        boolean control = isControl(request);
        if (!credentials.areRequired()) {
            Optional<String> refused = control ? Caller.foreign(request.request()) : Optional.empty();
            return refused.isPresent()
                    ? forbidden("without credentials control answers on loopback alone, and " + refused.get() + WAY_OUT)
                    : CheckResult.permit();
        }
        return identity.flatMap(who -> check(who, control ? Role.OPERATOR : Role.VIEWER, control, request));
    }

    private static Uni<CheckResult> check(SecurityIdentity who, Role needed, boolean control, RoutingContext request) {
        if (who.isAnonymous()) {
            return Uni.createFrom()
                    .failure(new UnauthorizedException("this needs a bearer token with the role " + needed.text()));
        }
        if (!needed.isOf(who)) {
            return forbidden("this needs the role " + needed.text() + ", which the token does not have");
        }
        boolean byCookie = request.request().getHeader("Authorization") == null;
        Optional<String> crossSite = control && byCookie ? Caller.crossSite(request.request()) : Optional.empty();
        return crossSite.isPresent() ? forbidden(crossSite.get() + "; send a bearer token") : CheckResult.permit();
    }

    /** What somebody may do beside reading. */
    Control controlOf(HttpServerRequest request, SecurityIdentity who) {
        if (credentials.areRequired()) {
            return Role.OPERATOR.isOf(who) ? Control.TOKEN : Control.REFUSED;
        }
        return Caller.foreign(request).isPresent() ? Control.REFUSED : Control.OPEN;
    }

    private static boolean isControl(RoutingContext request) {
        boolean asksForKeys = request.request().method().equals(HttpMethod.POST)
                && request.normalizedPath().startsWith(STATE);
        return !READING.contains(request.request().method()) && !asksForKeys;
    }

    private static boolean isOpen(RoutingContext request) {
        if (!READING.contains(request.request().method())) {
            return false;
        }
        String path = request.normalizedPath();
        return isBelow(path, HEALTH) || isBelow(path, METRICS) || StaticFiles.has(path);
    }

    private static boolean isBelow(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    private static Uni<CheckResult> forbidden(String why) {
        return Uni.createFrom().failure(new ForbiddenException(why));
    }
}
