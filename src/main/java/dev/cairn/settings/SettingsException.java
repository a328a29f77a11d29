package dev.cairn.settings;

import java.util.ArrayList;
import java.util.List;

/** The settings cannot be used. The message lists every problem in a line of its own: name, value, cause and way out. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ArrayList<String> problems = new ArrayList<>();

    SettingsException(List<Problem> problems) {
        super(message(problems));
        problems.forEach(problem -> this.problems.add(problem.toString()));
    }

    /** Each problem in a line of its own: name, value, cause and way out. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private static String message(List<Problem> problems) {
        var message = new StringBuilder(
                problems.size() == 1
                        ? "There is 1 problem in the settings:"
                        : "There are " + problems.size() + " problems in the settings:");
        problems.forEach(problem -> message.append("\n  - ").append(problem));
        return message.toString();
    }
}
