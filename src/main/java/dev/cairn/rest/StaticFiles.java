package dev.cairn.rest;

import java.net.URL;

/** The files of the page, which everyone may load: they show nothing by themselves. */
final class StaticFiles {

    private static final String ROOT = "META-INF/resources";
    private static final String INDEX = "index.html";

    private StaticFiles() {}

    /** Whether a path is one of theirs. */
    static boolean has(String path) {
        if (path.equals("/")) {
            return find("/" + INDEX) != null;
        }
        // A directory is found as well, and is not a file.
        return !path.endsWith("/") && path.lastIndexOf('.') > path.lastIndexOf('/') && find(path) != null;
    }

    private static URL find(String path) {
        return Thread.currentThread().getContextClassLoader().getResource(ROOT + path);
    }
}
