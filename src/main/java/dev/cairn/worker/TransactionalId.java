package dev.cairn.worker;

import java.util.Optional;

/**
 * Name of a producer's transactions, the same after a restart: {@code cairn/job/instance-loop/a}.
 *
 * @param job the job, which is the consumer group
 * @param member the loop's name in the group
 * @param turn which of the loop's two producers
 */
record TransactionalId(String job, String member, char turn) {

    private static final String PREFIX = "cairn/";

    static Optional<TransactionalId> parse(String id) {
        String[] parts = id.split("/", -1);
        return parts.length == 4 && id.startsWith(PREFIX) && parts[3].length() == 1
                ? Optional.of(new TransactionalId(parts[1], parts[2], parts[3].charAt(0)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + job + "/" + member + "/" + turn;
    }
}
