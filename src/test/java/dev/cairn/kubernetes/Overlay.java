package dev.cairn.kubernetes;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every overlay. */
public enum Overlay {
    DEV,
    PRODUCTION,
    AWS;

    static final Path ALL = Path.of("k8s", "overlays");

    private static final Map<Overlay, Manifests> RENDERED = new ConcurrentHashMap<>();

    Path directory() {
        return ALL.resolve(name().toLowerCase(Locale.ROOT));
    }

    /** Its manifests. Skips the test that asks where there is no {@code kubectl}, unless {@code CI} is set. */
    public Manifests rendered() {
        Kubectl.require();
        return RENDERED.computeIfAbsent(this, overlay -> Manifests.parse(Kubectl.kustomize(overlay.directory())));
    }
}
