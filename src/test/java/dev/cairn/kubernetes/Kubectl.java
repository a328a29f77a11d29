package dev.cairn.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.cairn.testkit.Tools;

/** Renders manifests with the {@code kubectl} that is installed. It asks no cluster. */
final class Kubectl {

    private static final long LIMIT_SECONDS = 60;

    private Kubectl() {}

    /** Skips a test where there is none; in continuous integration the test fails. */
    static void require() {
        Tools.require(Tools.isInstalled("kubectl", List.of()), "no kubectl: .ci/install kubectl installs it");
    }

    /** What a directory is rendered to: documents of YAML. */
    static String kustomize(Path directory) {
        try {
            Path errors = Files.createTempFile("kustomize", ".log");
            try {
                return run(directory, errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kubectl cannot be run", e);
        }
    }

    private static String run(Path directory, Path errors) throws IOException {
        Process process = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                .redirectError(errors.toFile())
                .start();
        try {
            process.getOutputStream().close();
            String rendered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(
                        "kubectl kustomize " + directory + " has failed: " + Files.readString(errors));
            }
            String warnings = Files.readString(errors);
            if (!warnings.isBlank()) {
                throw new IllegalStateException("kubectl kustomize " + directory + " warns: " + warnings);
            }
            return rendered;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
