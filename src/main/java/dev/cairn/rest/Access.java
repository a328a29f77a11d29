package dev.cairn.rest;

import java.util.List;
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
import org.eclipse.microprofile.config.Config;

import dev.cairn.fleet.PeerGate;
import dev.cairn.names.SettingNames;

/**
 * Who may do what: asked before every request, no matter who answers it. What is not known to be open is not.
 *
 * <pre>
 *                     health, metrics, the page    state, keys, settings    other reads                                     control                                  /worker
 * no credentials      everyone                    this machine             everyone; on this machine, for localhost only  this machine, no page of another site    workers of the job
 * credentials         everyone                    viewer                   viewer                                          operator                                 workers of the job
 * </pre>
 *
 * {@link Caller} says what is known to come from this machine.
 */
@ApplicationScoped
public class Access implements HttpSecurityPolicy {

    private static final String HEALTH = "/q/health";
    private static final String METRICS = "/q/metrics";
    private static final String STATE = "/state/";

    /** What records and settings hold; other reads show how the job is. */
    private static final List<String> CONTENT = List.of("/state", "/keys", "/config");

    private static final String PEERS = "/worker";

    /** Where a request says what another worker asks with it. */
    static final String PEER_CALL = "dev.cairn.peer-call";

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String ALONE = "without credentials %s on loopback only, and %s; send the request from there,"
            + " or set %s and send it as a bearer token, or use OIDC";
    private static final String LOCALHOST =
            "without credentials a request from the worker's own machine is answered for"
                    + " localhost only, and %s; ask http://localhost, or set %s and send it as a bearer token, or use OIDC";
    private static final String VIEWER_TOKEN = SettingNames.VIEWER_TOKEN;
    private static final String OPERATOR_TOKEN = SettingNames.OPERATOR_TOKEN;

    private final Credentials credentials;
    private final PeerGate peers;
    private final RequestPath paths;

    Access(Credentials credentials, PeerGate peers, Config config) {
        this.credentials = credentials;
        this.peers = peers;
        this.paths = RequestPath.below(config);
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        String path = paths.of(request);
        if (RequestPath.isBelow(path, PEERS)) {
            return checkPeer(request);
        }
        if (isOpen(request, path)) {
            return CheckResult.permit();
        }
        boolean control = isControl(request, path);
        if (!credentials.areRequired()) {
            return refusal(request.request(), path, control)
                    .map(Access::forbidden)
                    .orElseGet(CheckResult::permit);
        }
        return identity.flatMap(who -> check(who, control ? Role.OPERATOR : Role.VIEWER, control, request));
    }

    /** Why someone who does not say who he is may not do this; empty if he may. */
    private static Optional<String> refusal(HttpServerRequest request, String path, boolean control) {
        if (control) {
            return Caller.foreign(request).map(why -> ALONE.formatted("control answers", why, OPERATOR_TOKEN));
        }
        if (CONTENT.stream().anyMatch(root -> RequestPath.isBelow(path, root))) {
            return Caller.elsewhere(request)
                    .map(why -> ALONE.formatted("state, keys and settings answer", why, VIEWER_TOKEN));
        }
        return Caller.misled(request).map(why -> LOCALHOST.formatted(why, VIEWER_TOKEN));
    }

    /** Who else the caller is does not count: no token of a caller opens these paths, and no caller needs them. */
    private Uni<CheckResult> checkPeer(RoutingContext request) {
        PeerGate.Admission admission = peers.admit(
                request.request().method().name(),
                request.request().uri(),
                request.request().getHeader(PeerGate.HEADER));
        if (admission.call().isEmpty()) {
            return forbidden(admission.refusal());
        }
        request.put(PEER_CALL, admission.call().get());
        return CheckResult.permit();
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

    /** What someone may do besides reading. */
    Control controlOf(HttpServerRequest request, SecurityIdentity who) {
        if (credentials.areRequired()) {
            return Role.OPERATOR.isOf(who) ? Control.TOKEN : Control.REFUSED;
        }
        return Caller.foreign(request).isPresent() ? Control.REFUSED : Control.OPEN;
    }

    /** Whether someone may see what records hold, where he may read. */
    boolean showsContent(HttpServerRequest request) {
        return credentials.areRequired() || Caller.elsewhere(request).isEmpty();
    }

    private static boolean isControl(RoutingContext request, String path) {
        boolean asksForKeys = request.request().method().equals(HttpMethod.POST) && path.startsWith(STATE);
        return !READING.contains(request.request().method()) && !asksForKeys;
    }

    private static boolean isOpen(RoutingContext request, String path) {
        if (!READING.contains(request.request().method())) {
            return false;
        }
        return RequestPath.isBelow(path, HEALTH) || RequestPath.isBelow(path, METRICS) || StaticFiles.has(path);
    }

    private static Uni<CheckResult> forbidden(String why) {
        return Uni.createFrom().failure(new ForbiddenException(why));
    }
}
