package dev.cairn.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.rocksdb.Checkpoint;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import dev.cairn.storage.OwnerOnly;

/**
 * The RocksDB of one partition. It is fed by ingestion only, so that its content is always exactly one committed
 * checkpoint, which it names itself ({@link #identity}).
 *
 * <p>Reads are thread-safe. Ingestion, linking and closing are called by one thread at a time, never in parallel.
 * {@link #value}, {@link #entries}, {@link #linkTo} and the sizes may be asked for by any thread at any time, even while the database is being closed, which
 * waits for them; a caller that uses anything else keeps it open.
 */
public final class PartitionDatabase implements AutoCloseable {

    /** A copy is looked at with little memory, however many files it has. */
    private static final int OPEN_FILES_OF_A_COPY = 16;

    /** As many as RocksDB makes by default. */
    private static final int LEVELS = 7;

    private final Path directory;
    private final Options options;
    private final ReadOptions reads;
    private final RocksDB database;

    /** Shared by readers from outside, exclusive for closing: what is read after that would take the JVM down. */
    private final ReadWriteLock closing = new ReentrantReadWriteLock();

    private boolean closed;

    private PartitionDatabase(Path directory, Options options, ReadOptions reads, RocksDB database) {
        this.directory = directory;
        this.options = options;
        this.reads = reads;
        this.database = database;
    }

    /**
     * Opens the database in a directory, or makes an empty one.
     *
     * @throws DatabaseInUseException when another loop or process has it open
     * @throws LocalStateException when it is damaged or the disk fails
     */
    public static PartitionDatabase open(Path directory, RocksResources resources) {
        Options options = resources.databaseOptions();
        try {
            Files.createDirectories(directory, OwnerOnly.directory());
            RocksDB database = RocksDB.open(options, directory.toString());
            return new PartitionDatabase(directory, options, new ReadOptions(), database);
        } catch (RocksDBException e) {
            options.close();
            if (isLockHeld(e)) {
                throw new DatabaseInUseException(directory);
            }
            throw DamagedDatabaseException.orFailure("cannot open the database in " + directory, e);
        } catch (IOException e) {
            options.close();
            throw new LocalStateException("cannot open the database in " + directory + ": " + e, e);
        }
    }

    /**
     * Opens a copy of a database to look at, as a restore would open it: its MANIFEST is read, and whether all files are
     * there. Sorted files are not read; {@link SstFiles#verify} does that.
     *
     * @return what the copy says of itself
     * @throws DamagedDatabaseException when it cannot be opened
     */
    public static Optional<String> identityOf(Path copy) {
        try (Options options = SstFiles.uncached()
                        .setMaxOpenFiles(OPEN_FILES_OF_A_COPY)
                        .setInfoLogLevel(InfoLogLevel.FATAL_LEVEL);
                RocksDB database = RocksDB.openReadOnly(options, copy.toString())) {
            return Optional.ofNullable(database.get(KeyLayout.identityKey()))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure("cannot open the copy of a database in " + copy, e);
        }
    }

    /** The value of a stored key, or {@code null}. */
    byte[] get(byte[] storedKey) {
        try {
            return database.get(reads, storedKey);
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure("cannot read from the database in " + directory, e);
        }
    }

    /**
     * The value of a key as its serializer wrote it, or nothing.
     *
     * @param state holds one value
     * @param key the record's key, as it stood in Kafka
     * @throws DatabaseClosedException when it has been closed
     */
    public Optional<byte[]> value(StateDescriptor state, byte[] key) {
        byte[] stored = KeyLayout.stored(state.id(), KeyLayout.single(state, key));
        return whileOpen(() -> Optional.ofNullable(get(stored)))
                .orElseThrow(() -> new DatabaseClosedException(directory));
    }

    /** What a read gives that keeps the database from being closed; nothing when that has happened. */
    private <T> Optional<T> whileOpen(Supplier<T> read) {
        closing.readLock().lock();
        try {
            return closed ? Optional.empty() : Optional.of(read.get());
        } finally {
            closing.readLock().unlock();
        }
    }

    /** Reads all of a state, in the order of its keys, without leaving traces in the cache. */
    public StateScan scan(StateDescriptor state) {
        byte[] prefix = KeyLayout.stored(state.id(), new byte[0]);
        return new StateScan(database, prefix, KeyLayout.after(prefix), false, StateScan.Reads.ONCE);
    }

    /** Reads entries of a record key, in order: any number of them, or one value at most. */
    public StateScan scan(StateDescriptor state, EntryRange range) {
        return scan(state, range, StateScan.Reads.ONCE);
    }

    StateScan scan(StateDescriptor state, EntryRange range, StateScan.Reads how) {
        return new StateScan(
                database,
                KeyLayout.stored(state.id(), range.from()),
                KeyLayout.stored(state.id(), range.to()),
                range.reversed(),
                how);
    }

    /**
     * Some entries of a state that has such.
     *
     * @param limit at most so many
     * @throws DatabaseClosedException when it is closed
     * @throws LocalStateException when it is damaged or the disk fails
     */
    public EntryPage entries(StateDescriptor state, EntryRange range, int limit) {
        return whileOpen(() -> {
                    EntryPage.Builder page = new EntryPage.Builder(limit);
                    if (!range.isEmpty()) {
                        try (StateScan scan = scan(state, range, StateScan.Reads.BOUNDED)) {
                            while (scan.next() && page.add(scan.key(), scan.value())) {
                                // It has been added.
                            }
                        }
                    }
                    return Optional.of(page.build());
                })
                .flatMap(page -> page)
                .orElseThrow(() -> new DatabaseClosedException(directory));
    }

    /** Reads the entries of a state whose keys are not below {@code from}. */
    StateScan scanFrom(StateDescriptor state, byte[] from) {
        byte[] end = KeyLayout.after(KeyLayout.stored(state.id(), new byte[0]));
        return new StateScan(database, KeyLayout.stored(state.id(), from), end, false, StateScan.Reads.CACHED);
    }

    /** What the last ingested file said of itself; nothing for a database that is still empty. */
    public Optional<String> identity() {
        return Optional.ofNullable(get(KeyLayout.identityKey()))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Takes files in, later ones over earlier ones. They are moved, not copied, and stay byte for byte what they were.
     * Durable when this returns; taking the same file again changes nothing.
     *
     * @param files in the same file system, given up by the caller
     * @throws LocalStateException when nothing was taken
     */
    public void ingest(List<Path> files) {
        try (IngestExternalFileOptions ingestion = new IngestExternalFileOptions()) {
            ingestion.setMoveFiles(true).setWriteGlobalSeqno(false);
            database.ingestExternalFile(files.stream().map(Path::toString).toList(), ingestion);
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure(
                    "cannot ingest " + files + " into the database in " + directory, e);
        }
    }

    /**
     * Links the live files aside, without copying them. The content is what {@link #identity} says.
     *
     * @param target does not exist yet, in the same file system
     * @throws DatabaseClosedException when it has been closed
     */
    public List<DatabaseFile> linkTo(Path target) {
        return whileOpen(() -> link(target)).orElseThrow(() -> new DatabaseClosedException(directory));
    }

    private List<DatabaseFile> link(Path target) {
        try (Checkpoint links = Checkpoint.create(database)) {
            links.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure("cannot link the files of " + directory, e);
        }
        try (Stream<Path> paths = Files.list(target)) {
            List<DatabaseFile> files = new ArrayList<>();
            for (Path path : paths.sorted().toList()) {
                files.add(new DatabaseFile(path.getFileName().toString(), path, Files.size(path)));
            }
            return files;
        } catch (IOException e) {
            throw new LocalStateException("cannot list " + target + ": " + e, e);
        }
    }

    /** RocksDB's estimate of how many keys it holds; 0 once it is closed. */
    public long estimatedKeys() {
        return property("rocksdb.estimate-num-keys");
    }

    /** Bytes of the live sorted files; 0 once it is closed. */
    public long liveBytes() {
        return property("rocksdb.live-sst-files-size");
    }

    /** What it says of itself; nothing once it is closed. */
    public Optional<DatabaseFigures> figures() {
        return whileOpen(() -> {
            long files = 0;
            for (int level = 0; level < LEVELS; level++) {
                files += filesAt(level);
            }
            return new DatabaseFigures(
                    openProperty("rocksdb.estimate-num-keys"),
                    openProperty("rocksdb.live-sst-files-size"),
                    files,
                    openProperty("rocksdb.estimate-table-readers-mem"),
                    openProperty("rocksdb.estimate-pending-compaction-bytes"),
                    openProperty("rocksdb.num-running-compactions"));
        });
    }

    private long property(String name) {
        return whileOpen(() -> openProperty(name)).orElse(0L);
    }

    /** RocksDB has this one as text. */
    private long filesAt(int level) {
        String name = "rocksdb.num-files-at-level" + level;
        try {
            return Long.parseLong(database.getProperty(name));
        } catch (RocksDBException e) {
            throw cannotAsk(name, e);
        }
    }

    private long openProperty(String name) {
        try {
            return database.getLongProperty(name);
        } catch (RocksDBException e) {
            throw cannotAsk(name, e);
        }
    }

    private LocalStateException cannotAsk(String name, RocksDBException cause) {
        return new LocalStateException("cannot ask the database in " + directory + " for " + name, cause);
    }

    /** Closes it; there is nothing to flush. Waits for the reads under way, which take as long as the disk does. */
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            closing.writeLock().unlock();
        }
        database.cancelAllBackgroundWork(true);
        database.close();
        reads.close();
        options.close();
    }

    private static boolean isLockHeld(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("lock hold by current process") || message.contains("While lock file");
    }
}
