package dev.cairn.rest;

import java.util.Map;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response.Status;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses requests whose first line or headers are longer than Quarkus's settings allow. The server itself would answer without
 * a body, so it accepts four times as much, and what lies between gets a problem that names the limit.
 */
@ApplicationScoped
class RequestLimits implements HttpServerOptionsCustomizer {

    private static final String MAX_LINE = "quarkus.http.limits.max-initial-line-length";
    private static final String MAX_HEADERS = "quarkus.http.limits.max-header-size";
    private static final int READ_BEYOND = 4;
    private static final int MAX_READ = 1 << 20;

    /** A colon, a space and the end of the line. */
    private static final int HEADER_OVERHEAD = 4;

    /** Two spaces and the version. */
    private static final int LINE_OVERHEAD = 10;

    private final int maxLine;
    private final long maxHeaders;

    /** Why a request is refused. */
    record Refusal(Status status, String detail) {}

    RequestLimits(Config config) {
        maxLine = config.getOptionalValue(MAX_LINE, Integer.class)
                .orElse(HttpServerOptions.DEFAULT_MAX_INITIAL_LINE_LENGTH);
        maxHeaders = config.getOptionalValue(MAX_HEADERS, MemorySize.class)
                .map(MemorySize::asLongValue)
                .orElse((long) HttpServerOptions.DEFAULT_MAX_HEADER_SIZE);
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setMaxInitialLineLength(beyond(options.getMaxInitialLineLength()));
        options.setMaxHeaderSize(beyond(options.getMaxHeaderSize()));
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customizeHttpServer(options);
    }

    private static int beyond(int limit) {
        return limit >= MAX_READ ? limit : limit * READ_BEYOND;
    }

    Optional<Refusal> refuse(HttpServerRequest request) {
        int line = request.method().name().length() + request.uri().length() + LINE_OVERHEAD;
        if (line > maxLine) {
            return Optional.of(new Refusal(
                    Status.REQUEST_URI_TOO_LONG,
                    "the first line of the request has " + line + " bytes, and " + maxLine + " are allowed by "
                            + MAX_LINE + ". Send long keys in the body of POST /state/{name}"));
        }
        long headers = length(request);
        if (headers > maxHeaders) {
            return Optional.of(new Refusal(
                    Status.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the headers of the request have " + headers + " bytes, and " + maxHeaders + " are allowed by "
                            + MAX_HEADERS + ". Send fewer or shorter headers"));
        }
        return Optional.empty();
    }

    private static long length(HttpServerRequest request) {
        long length = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            length += header.getKey().length() + header.getValue().length() + HEADER_OVERHEAD;
        }
        return length;
    }
}
