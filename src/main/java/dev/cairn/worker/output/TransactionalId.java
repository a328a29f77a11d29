package dev.cairn.worker.output;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Name of a producer's transactions, the same after a restart: {@code job/cairn/instance-loop/a}. It begins with the job's
 * name, as the group and the topics of the job do, so that one prefixed ACL allows all of them. Earlier versions wrote {@code
 * cairn/job/instance-loop/a}; what they left behind is still recognized.
 *
 * @param job the job, which is the consumer group
 * @param member the loop's name in the group
 * @param turn which of the loop's two producers
 */
public record TransactionalId(String job, String member, char turn) {

    private static final String CAIRN = "cairn";

    /** Reads the present form or the former one. */
    static Optional<TransactionalId> parse(String id) {
        String[] parts = id.split("/", -1);
        if (parts.length != 4 || parts[3].length() != 1) {
            return Optional.empty();
        }
        char turn = parts[3].charAt(0);
        if (parts[1].equals(CAIRN)) {
            return Optional.of(new TransactionalId(parts[0], parts[2], turn));
        }
        return parts[0].equals(CAIRN) ? Optional.of(new TransactionalId(parts[1], parts[2], turn)) : Optional.empty();
    }

    /** Matches all ids of a job, in the present form and the former one. */
    static String patternOf(String job) {
        return "(" + Pattern.quote(prefixOf(job)) + "|" + Pattern.quote(CAIRN + "/" + job + "/") + ").*";
    }

    /** Whether an id has the present form. */
    static boolean isPresentForm(String id) {
        return parse(id).filter(parsed -> parsed.toString().equals(id)).isPresent();
    }

    private static String prefixOf(String job) {
        return job + "/" + CAIRN + "/";
    }

    @Override
    public String toString() {
        return prefixOf(job) + member + "/" + turn;
    }
}
