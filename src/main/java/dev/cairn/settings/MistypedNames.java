package dev.cairn.settings;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;

/**
 * Finds names that are nearly those of settings, in files, on the command line and in the environment: a slip is refused,
 * other words for the same are warned of. Others below {@code cairn.} are left untouched: processors have settings of their own.
 *
 * @param known every name of a setting
 */
record MistypedNames(Set<String> known, Findings findings) {

    private static final List<String> FLINK = List.of("execution.", "state.", "taskmanager.");
    /** What names of Cairn's settings begin with. */
    static final List<String> ROOTS =
            Stream.concat(FLINK.stream(), Stream.of("cairn.")).toList();

    void check(Config config) {
        PropertyNames.outsideEnvironment(config)
                .filter(name -> startsWithAny(name, ROOTS) && !known.contains(name) && !NamedTopics.isSetting(name))
                .sorted()
                .forEach(this::checkProperty);

        Set<String> variables =
                known.stream().map(Setting::environmentVariable).collect(Collectors.toUnmodifiableSet());
        List<String> roots = ROOTS.stream().map(Setting::environmentVariable).toList();
        PropertyNames.environment(config)
                .filter(name ->
                        startsWithAny(name, roots) && !variables.contains(name) && !NamedTopics.isVariable(name))
                .sorted()
                .forEach(name -> check(name, variables, false));
    }

    private void checkProperty(String name) {
        check(name, known, startsWithAny(name, FLINK));
    }

    /** @param isKnownElsewhere whether to warn though no name of ours is near */
    private void check(String name, Set<String> names, boolean isKnownElsewhere) {
        Optional<String> slip = NearestName.to(name, names);
        Optional<String> meant = NearestName.byWords(name, names);
        if (slip.isPresent()) {
            mistyped(name, slip.get());
        } else if (meant.isPresent()) {
            findings.warning(
                    name + " is not a setting of Cairn and has no effect. The nearest setting is " + meant.get() + ".");
        } else if (isKnownElsewhere) {
            findings.warning(name + " is not a setting of Cairn and has no effect.");
        }
    }

    private void mistyped(String name, String near) {
        findings.problem(Problem.ofMissing(name, "there is no such setting", "Write " + near + "."));
    }

    private static boolean startsWithAny(String name, List<String> roots) {
        return roots.stream().anyMatch(name::startsWith);
    }
}
