package dev.cairn.rest;

import java.util.regex.Pattern;

import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.Config;

import dev.cairn.settings.Machine;

/**
 * The path of a request as the resources have it: below the root path, without matrix parameters and empty steps.
 *
 * @param root what the paths of all workers begin with: empty, or a slash and more
 */
record RequestPath(String root) {

    private static final Pattern MATRIX_PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern EMPTY_STEPS = Pattern.compile("//+");

    static RequestPath below(Config config) {
        return new RequestPath(Machine.rootPath(config));
    }

    String of(RoutingContext request) {
        String path = EMPTY_STEPS
                .matcher(MATRIX_PARAMETERS.matcher(request.normalizedPath()).replaceAll(""))
                .replaceAll("/");
        return isBelow(path, root) ? path.substring(root.length()) : path;
    }

    /** Whether a path is another one, or below it. */
    static boolean isBelow(String path, String other) {
        return path.equals(other) || path.startsWith(other + "/");
    }
}
