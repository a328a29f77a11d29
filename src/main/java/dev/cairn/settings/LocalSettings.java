package dev.cairn.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/**
 * Where local databases live. Immutable.
 *
 * @param rootDirs directories to spread the partitions over; at least one, none twice
 * @param recovery whether a local database is used again after a restart
 * @param backend where state is read while the job runs
 * @param rocksMemory for RocksDB's block cache; empty where it follows from the heap and the container
 */
public record LocalSettings(
        List<Path> rootDirs, boolean recovery, StateBackend backend, Optional<MemorySize> rocksMemory) {

    static final SettingGroup GROUP = new SettingGroup();

    static final Setting<StateBackend> BACKEND = GROUP.add(
            SettingNames.BACKEND,
            "state.backend.type",
            Fallback.of("rocksdb"),
            "Where state is read: `rocksdb` keeps it on the local disk and a part of it on the heap, `hashmap` all of it on"
                    + " the heap.",
            Parsers.oneOf(StateBackend.class));

    /** Flink's task manager is a worker here. */
    static final Setting<Optional<MemorySize>> ROCKSDB_MEMORY = GROUP.add(
            SettingNames.ROCKSDB_MEMORY,
            Fallback.of(
                    "a third of what the container leaves besides the heap; outside of a container no more than the heap and"
                            + " than `256mb`",
                    config -> Optional.of("")),
            "Memory for the block cache of all RocksDB databases of this worker, outside of the heap; `8mb` to `1tb`.",
            Parsers.optional(Parsers.sizeBetween(new MemorySize(8L << 20), new MemorySize(1L << 40))));

    static final Setting<Boolean> LOCAL_RECOVERY = GROUP.add(
            "state.backend.local-recovery",
            "execution.state-recovery.from-local",
            Fallback.of("true"),
            "Whether a restarted worker continues with its local databases (`true`) or fetches the state again (`false`).",
            Parsers.bool());

    static final Setting<List<Path>> LOCAL_ROOT_DIRS = GROUP.add(
            SettingNames.LOCAL_ROOT_DIRS,
            "execution.checkpointing.local-backup.dirs",
            Fallback.of("./data"),
            "Directories for the local databases, several separated by `:` or `,`.",
            Parsers.localDirectories());

    public LocalSettings {
        rootDirs = List.copyOf(rootDirs);
    }

    static LocalSettings of(SettingValues values) {
        return new LocalSettings(
                values.get(LOCAL_ROOT_DIRS),
                values.get(LOCAL_RECOVERY),
                values.get(BACKEND),
                values.get(ROCKSDB_MEMORY));
    }
}
