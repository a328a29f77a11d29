package dev.cairn.settings;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;

/**
 * Finds names that are nearly those of settings. Others below {@code cairn.} are left alone: processors have settings of
 * their own.
 */
final class MistypedNames {

    private static final List<String> FLINK = List.of("execution.", "state.", "taskmanager.");
    private static final List<String> ROOTS =
            Stream.concat(FLINK.stream(), Stream.of("cairn.")).toList();

    private final Set<String> known;
    private final Findings findings;

    MistypedNames(List<Setting<?>> settings, Findings findings) {
        this.known = settings.stream().flatMap(Setting::spellings).collect(Collectors.toUnmodifiableSet());
        this.findings = findings;
    }

    void check(Config config) {
        PropertyNames.outsideEnvironment(config)
                .filter(name -> startsWithAny(name, ROOTS) && !known.contains(name))
                .sorted()
                .forEach(this::checkProperty);

        Set<String> variables =
                known.stream().map(Setting::environmentVariable).collect(Collectors.toUnmodifiableSet());
        List<String> roots = ROOTS.stream().map(Setting::environmentVariable).toList();
        PropertyNames.environment(config)
                .filter(name -> startsWithAny(name, roots) && !variables.contains(name))
                .sorted()
                .forEach(name -> NearestName.to(name, variables).ifPresent(near -> mistyped(name, near)));
    }

    private void checkProperty(String name) {
        NearestName.to(name, known).ifPresentOrElse(near -> mistyped(name, near), () -> {
            if (startsWithAny(name, FLINK)) {
                findings.warning(name + " is not a setting of Cairn and has no effect.");
            }
        });
    }

    private void mistyped(String name, String near) {
        findings.problem(Problem.ofMissing(name, "there is no such setting", "Write " + near + "."));
    }

    private static boolean startsWithAny(String name, List<String> roots) {
        return roots.stream().anyMatch(name::startsWith);
    }
}
