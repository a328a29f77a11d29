package dev.cairn.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the name that someone may have meant. */
final class NearestName {

    /** Shorter words have to be equal. */
    private static final int LEAST_LETTERS = 5;

    private NearestName() {}

    /** The known name that is nearest and differs by a slip or two, if there is one. */
    static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= slips(candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * The known name that says the same in other words: it has all of the name's words, apart from a slip or an ending, or all
     * but one, as {@code EXECUTION_CHECKPOINTING_INTERVAL} has of {@code CAIRN_CHECKPOINT_INTERVAL}. Only names of several words
     * are compared; the first word is where a name belongs, and does not count.
     */
    static Optional<String> byWords(String name, Collection<String> known) {
        List<String> words = words(name);
        return known.stream()
                .filter(candidate -> words.size() > 1 && says(words, words(candidate)))
                .min(Comparator.<String>comparingInt(
                                candidate -> Math.abs(words(candidate).size() - words.size()))
                        .thenComparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static List<String> words(String name) {
        List<String> words = List.of(name.split("[._-]", -1));
        return words.subList(Math.min(1, words.size()), words.size());
    }

    private static boolean says(List<String> words, List<String> known) {
        boolean hasOneMore = words.size() == known.size() + 1 && !known.isEmpty();
        return isIn(words, known) || (hasOneMore && isIn(known, words));
    }

    private static boolean isIn(List<String> some, List<String> all) {
        return some.stream().allMatch(one -> all.stream().anyMatch(other -> isNear(one, other)));
    }

    private static boolean isNear(String one, String other) {
        if (Math.min(one.length(), other.length()) < LEAST_LETTERS) {
            return one.equals(other);
        }
        return one.startsWith(other) || other.startsWith(one) || distance(one, other) <= 1;
    }

    private static int slips(String known) {
        // In a short name two letters are another word: cairn.job and a processor's own cairn.top.
        return known.length() < 12 ? 1 : 2;
    }

    /** How many letters have to be inserted, removed or replaced to make one text the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        int[] current = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                int removedOrInserted = Math.min(previous[column], current[column - 1]) + 1;
                current[column] = Math.min(replaced, removedOrInserted);
            }
            int[] spare = previous;
            previous = current;
            current = spare;
        }
        return previous[to.length()];
    }
}
