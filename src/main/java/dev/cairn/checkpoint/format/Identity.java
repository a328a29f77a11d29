package dev.cairn.checkpoint.format;

import java.util.Optional;

/**
 * What a delta's reserved key says: which checkpoint a database is at.
 *
 * @param job the job
 * @param partition the partition
 * @param number the checkpoint's number, for people
 * @param uid the checkpoint's unique id, which decides
 */
public record Identity(String job, int partition, long number, String uid) {

    public String encode() {
        return job + "/" + partition + "/" + number + "/" + uid;
    }

    /** Nothing where the text is no identity. */
    public static Optional<Identity> decode(String text) {
        String[] parts = text.split("/", -1);
        try {
            return parts.length == 4
                    ? Optional.of(
                            new Identity(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3]))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
