package dev.cairn.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The largest values of one state in one partition, as far as they were seen: when they were written into a checkpoint, or
 * read from RocksDB. A fixed number of keys. Used by the loop's thread.
 */
final class LargestValues {

    static final int MOST = 16;

    private record Item(LargeValue value, int hash) {

        int bytes() {
            return value.bytes();
        }
    }

    private final String state;
    private final List<Item> items = new ArrayList<>(MOST);
    private long hashes;
    private int smallest = -1;

    LargestValues(String state) {
        this.state = state;
    }

    /**
     * Takes note of a value.
     *
     * @param hash of the key
     * @param bytes of the serialised value, 0 where there is none any more
     */
    void saw(byte[] key, int hash, int bytes) {
        if (bytes > smallest || (hashes & bit(hash)) != 0) {
            place(key, hash, bytes);
        }
    }

    private void place(byte[] key, int hash, int bytes) {
        boolean known = items.removeIf(item -> item.hash == hash && Arrays.equals(item.value.key(), key));
        if (bytes > 0 && (known || bytes > smallest)) {
            if (items.size() == MOST) {
                items.remove(MOST - 1);
            }
            int at = 0;
            while (at < items.size() && items.get(at).bytes() >= bytes) {
                at++;
            }
            items.add(at, new Item(new LargeValue(state, key, bytes), hash));
        }
        smallest = items.size() < MOST ? 0 : items.get(MOST - 1).bytes();
        hashes = 0;
        items.forEach(item -> hashes |= bit(item.hash));
    }

    /** Largest first. */
    List<LargeValue> list() {
        return items.stream().map(Item::value).toList();
    }

    /** Largest first, by the record keys that the entries belong to: of several entries of one, the largest. */
    List<LargeValue> ofRecordKeys(StateDescriptor descriptor) {
        Map<ByteBuffer, LargeValue> byRecordKey = new LinkedHashMap<>();
        for (LargeValue large : list()) {
            byte[] key = descriptor.recordKey(large.key());
            byRecordKey.putIfAbsent(ByteBuffer.wrap(key), new LargeValue(state, key, large.bytes()));
        }
        return List.copyOf(byRecordKey.values());
    }

    /** Most keys that are not in the list are told by this only. */
    private static long bit(int hash) {
        return 1L << hash;
    }
}
