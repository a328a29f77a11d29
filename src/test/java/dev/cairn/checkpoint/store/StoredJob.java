package dev.cairn.checkpoint.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.BaseDescription;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.MetadataCodec;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.state.SstFiles;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/**
 * The job {@code orders} in a {@code file:} store, with two checkpoints of partition 3. {@code chk-7} is marked and has a
 * base with one file and two deltas, of which one is inline; {@code chk-6}, its parent, has the first delta on the same base.
 */
public final class StoredJob {

    public static final String BASE_FILE = "shared/base-1-000004.sst";
    public static final String BASE_DESCRIPTION = "shared/base-1.json";
    public static final String DELTA = "shared/delta-6.sst";

    private final Path checkpoints;

    private StoredJob(Path checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** Writes it. */
    public static StoredJob create(Path checkpoints) {
        try (ObjectStore objects = ObjectStores.open(checkpoints.toString())) {
            CheckpointStore store = new CheckpointStore(objects, "orders", 3);
            ObjectRef file = sorted(store, BASE_FILE);
            BaseDescription description = new BaseDescription(
                    BaseDescription.FORMAT_VERSION,
                    "uid-4",
                    List.of(new BaseDescription.File("000004.sst", file)),
                    Map.of("CURRENT", Base64.getEncoder().encodeToString(bytes("MANIFEST-000005"))));
            ObjectRef described = store.upload(BASE_DESCRIPTION, MetadataCodec.encode(description));
            Base base = new Base("uid-4", 4, described, file.size());
            List<Delta> deltas = new ArrayList<>();
            deltas.add(Delta.ofFile(List.of("uid-5", "uid-6"), sorted(store, DELTA)));
            store.create(Checkpoints.of(6, base, deltas));
            deltas.add(Checkpoints.inline("uid-7"));
            store.create(Checkpoints.of(7, base, deltas));
            store.markCommitted(7);
        }
        return new StoredJob(checkpoints);
    }

    private static ObjectRef sorted(CheckpointStore store, String path) {
        try (Scratch scratch = Scratch.create()) {
            Path file = scratch.directory("sorted").resolve("file.sst");
            SstFiles.write(file, "orders/3/6/uid-6", List.of(), scratch.resources());
            return store.upload(path, file);
        }
    }

    /** Where all jobs are. */
    public Path checkpoints() {
        return checkpoints;
    }

    /** The job's directory. */
    public Path directory() {
        return checkpoints.resolve("orders");
    }

    /** The partition's directory. */
    public Path partition() {
        return directory().resolve("partition-3");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
