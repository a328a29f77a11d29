package dev.cairn.testkit.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import dev.cairn.storage.ObjectStore;

/** A store that keeps what should be deleted with each request, and refuses what it is told to. Thread-safe. */
public final class RecordingStore extends ForwardingObjectStore {

    private final List<List<String>> deletions = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> refused = key -> false;

    /** Over a store that does what it is asked. */
    public RecordingStore(ObjectStore store) {
        super(store);
    }

    /** The keys of each request to delete several objects, in order. */
    public List<List<String>> deletions() {
        return deletions;
    }

    /** From here on, these keys are not deleted. */
    public void refuse(Predicate<String> keys) {
        refused = keys;
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        deletions.add(List.copyOf(keys));
        Map<String, String> left = new LinkedHashMap<>();
        List<String> allowed = new ArrayList<>();
        for (String key : keys) {
            if (refused.test(key)) {
                left.put(key, "refused");
            } else {
                allowed.add(key);
            }
        }
        left.putAll(super.deleteAll(allowed));
        return left;
    }
}
