package dev.cairn.settings;

import java.util.ArrayList;
import java.util.List;

/** What one reading of the settings came upon, in order. */
final class Findings {

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void problem(Problem problem) {
        problems.add(problem);
    }

    void warning(String warning) {
        warnings.add(warning);
    }

    void throwIfAnyProblem() {
        if (!problems.isEmpty()) {
            throw exception();
        }
    }

    SettingsException exception() {
        return new SettingsException(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
