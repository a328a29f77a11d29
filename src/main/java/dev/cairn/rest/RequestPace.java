package dev.cairn.rest;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response.Status;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.HttpSettings;

/**
 * Bounds what callers cost the loops, which share the processor with them: beyond the limit of a second, requests wait for their
 * turn, without a thread. Health, metrics, the page's files and other workers have no turns.
 */
@ApplicationScoped
class RequestPace {

    /** After the check of the request itself, before anything that costs more. */
    private static final int ORDER = Integer.MIN_VALUE + 1;

    private static final List<String> PACED = List.of(
            "/job",
            "/workers",
            "/partitions",
            "/checkpoints",
            "/savepoints",
            "/operations",
            "/state",
            "/keys",
            "/config",
            "/events");

    private final Optional<RequestBudget> budget;
    private final RequestPath paths;

    @Inject
    RequestPace(Config config) {
        this(HttpSettings.of(config).requestsPerSecond(), RequestPath.below(config));
    }

    /** @param perSecond how many requests are answered in a second; 0 for no limit */
    RequestPace(int perSecond, RequestPath paths) {
        this.budget = perSecond == 0 ? Optional.empty() : Optional.of(new RequestBudget(perSecond, System.nanoTime()));
        this.paths = paths;
    }

    void install(@Observes Router router) {
        budget.ifPresent(pace -> router.route().order(ORDER).handler(request -> handle(request, pace)));
    }

    private void handle(RoutingContext request, RequestBudget pace) {
        if (!isPaced(paths.of(request))) {
            request.next();
            return;
        }
        OptionalLong wait = pace.take(System.nanoTime());
        if (wait.isEmpty()) {
            request.response().putHeader("Retry-After", "1");
            HttpFailures.answer(
                    request,
                    Status.TOO_MANY_REQUESTS,
                    "more requests are waiting than the worker answers in 2 s. Ask less often, ask for several keys with"
                            + " POST /state/{name}, or raise " + SettingNames.REQUESTS_PER_SECOND);
        } else if (wait.getAsLong() == 0) {
            request.next();
        } else {
            // The body would come before there is anyone to read it.
            request.request().pause();
            request.vertx()
                    .setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.getAsLong())), timer -> resume(request));
        }
    }

    private static void resume(RoutingContext request) {
        if (!request.response().closed()) {
            request.request().resume();
            request.next();
        }
    }

    private static boolean isPaced(String path) {
        return PACED.stream().anyMatch(root -> RequestPath.isBelow(path, root));
    }
}
