package dev.cairn.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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
        return RENDERED.computeIfAbsent(this, overlay -> overlay.rendered(UserSecret.example()));
    }

    /** The same, with these secrets: in a copy, because people keep their own next to the overlay. */
    Manifests rendered(Map<String, String> secrets) {
        Kubectl.require();
        try {
            Path copy = Files.createTempDirectory("k8s");
            try {
                copyTo(copy);
                Files.writeString(copy.resolve("overlays/production/secret.env"), UserSecret.file(secrets));
                return Manifests.parse(
                        Kubectl.kustomize(copy.resolve(ALL.getParent().relativize(directory()))));
            } finally {
                try (Stream<Path> files = Files.walk(copy)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the manifests cannot be copied", e);
        }
    }

    private static void copyTo(Path copy) throws IOException {
        Path all = ALL.getParent();
        try (Stream<Path> files = Files.walk(all)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(all.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
