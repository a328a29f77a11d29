package dev.cairn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

import dev.cairn.storage.ObjectStore;
import dev.cairn.testkit.store.ForwardingObjectStore;

/** An object store that counts what goes up, and knows what came down. */
final class MeteredStore extends ForwardingObjectStore {

    private final LongAdder deltas = new LongAdder();
    private final LongAdder bases = new LongAdder();
    private final LongAdder others = new LongAdder();
    private final Set<String> downloaded = new ConcurrentSkipListSet<>();

    MeteredStore(ObjectStore objects) {
        super(objects);
    }

    /** Bytes of deltas. */
    long deltas() {
        return deltas.sum();
    }

    /** Bytes of bases: files and descriptions. */
    long bases() {
        return bases.sum();
    }

    /** Bytes of everything else, which is metadata. */
    long others() {
        return others.sum();
    }

    /** The keys of the objects that were downloaded to files. */
    Set<String> downloaded() {
        return downloaded;
    }

    void reset() {
        deltas.reset();
        bases.reset();
        others.reset();
    }

    @Override
    public void put(String key, Path file) {
        try {
            count(key, Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.put(key, file);
    }

    @Override
    public void put(String key, byte[] content) {
        count(key, content.length);
        super.put(key, content);
    }

    @Override
    public Creation create(String key, byte[] content) {
        count(key, content.length);
        return super.create(key, content);
    }

    private void count(String key, long bytes) {
        if (key.contains("/base-")) {
            bases.add(bytes);
        } else if (key.contains("/delta-")) {
            deltas.add(bytes);
        } else {
            others.add(bytes);
        }
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        downloaded.add(key);
        super.download(key, target, arrived);
    }
}
