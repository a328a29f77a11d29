package dev.cairn.metrics;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Keeps callers from making series of their own: methods that HTTP does not know, and paths that have never been answered, share
 * one label each. A path, or its template, is known once it was answered by something else than an error of the caller. An
 * answer to {@code OPTIONS} does not count: the framework gives one for every path.
 */
@Singleton
final class HttpLabels implements MeterFilter {

    static final String OTHER_METHOD = "OTHER";
    static final String UNKNOWN_URI = "UNKNOWN";

    private static final String HTTP_SERVER = "http.server.";
    private static final String CONNECTIONS = "vertx.http.connections.";
    private static final String OPTIONS = "OPTIONS";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", OPTIONS, "TRACE", "CONNECT");

    /** What Quarkus writes in place of paths. */
    private static final Set<String> PLACEHOLDERS = Set.of("NOT_FOUND", "REDIRECTION", "root", "/", UNKNOWN_URI);

    private static final int MAX_URIS = 200;

    private final Set<String> uris = ConcurrentHashMap.newKeySet();

    /**
     * Each of the server's event loops registers these for itself, and only the first of them would be shown: a part of the
     * connections, and a warning at every start.
     */
    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return id.getName().startsWith(CONNECTIONS) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(HTTP_SERVER)) {
            return id;
        }
        String method = id.getTag("method");
        String uri = id.getTag("uri");
        boolean isMethodKnown = method == null || METHODS.contains(method);
        boolean isUriKnown = uri == null || isKnown(uri, method, id.getTag("status"));
        if (isMethodKnown && isUriKnown) {
            return id;
        }
        List<Tag> tags = id.getTags().stream()
                .map(tag -> switch (tag.getKey()) {
                    case "method" -> isMethodKnown ? tag : Tag.of("method", OTHER_METHOD);
                    case "uri" -> isUriKnown ? tag : Tag.of("uri", UNKNOWN_URI);
                    default -> tag;
                })
                .toList();
        return id.replaceTags(tags);
    }

    private boolean isKnown(String uri, String method, String status) {
        if (PLACEHOLDERS.contains(uri) || uris.contains(uri)) {
            return true;
        }
        boolean isAnswered = !OPTIONS.equals(method) && status != null && status.matches("[1235]\\d\\d");
        return isAnswered && uris.size() < MAX_URIS && uris.add(uri);
    }
}
