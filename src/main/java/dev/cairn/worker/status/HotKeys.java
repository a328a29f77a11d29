package dev.cairn.worker.status;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that are updated most, and those with the largest values: estimates, and a picture of one moment. Of the
 * partitions that a worker has; one that it gives up is not in it any more.
 *
 * @param since when the updates began to be counted, at the latest a few minutes ago; the epoch where nothing is
 * @param records that the updates are a share of, about
 * @param updates most frequent first
 * @param largest by state, largest first; as far as the worker has written or read them since it has the partition
 */
public record HotKeys(Instant since, long records, List<Updated> updates, List<Large> largest) {

    /** Nothing is known. */
    public static final HotKeys NONE = new HotKeys(Instant.EPOCH, 0, List.of(), List.of());

    public static final int MOST = 20;

    /**
     * A key that many records had.
     *
     * @param key as it stood in Kafka
     * @param count records with it, estimated
     * @param bound how far the true number may be from that
     * @param share of all records, from 0 to 1
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Updated(byte[] key, int partition, long count, long bound, double share) {}

    /**
     * A key with a large value.
     *
     * @param state the state's name
     * @param key as it stood in Kafka
     * @param bytes of the serialised value
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Large(String state, byte[] key, int partition, long bytes) {}

    public HotKeys {
        updates = List.copyOf(updates);
        largest = List.copyOf(largest);
    }

    /** The hottest of several pictures, whose partitions are different ones. */
    public static HotKeys of(Collection<HotKeys> pictures) {
        List<HotKeys> known =
                pictures.stream().filter(picture -> !picture.equals(NONE)).toList();
        if (known.isEmpty()) {
            return NONE;
        }
        long records = known.stream().mapToLong(HotKeys::records).sum();
        List<Updated> updates = known.stream()
                .flatMap(picture -> picture.updates.stream())
                .sorted(Comparator.comparingLong(Updated::count).reversed())
                .limit(MOST)
                .map(hot -> new Updated(hot.key, hot.partition, hot.count, hot.bound, share(hot.count, records)))
                .toList();
        return new HotKeys(
                known.stream()
                        .map(HotKeys::since)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                records,
                updates,
                largest(known));
    }

    private static List<Large> largest(List<HotKeys> known) {
        Map<String, Integer> seen = new HashMap<>();
        return known.stream()
                .flatMap(picture -> picture.largest.stream())
                .sorted(Comparator.comparing(Large::state)
                        .thenComparing(Comparator.comparingLong(Large::bytes).reversed()))
                .filter(large -> seen.merge(large.state, 1, Integer::sum) <= MOST)
                .toList();
    }

    public static double share(long count, long records) {
        return records == 0 ? 0 : Math.min(1, (double) count / records);
    }
}
