package dev.cairn.state;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.rocksdb.SstFileWriter;

/**
 * Writes changes as one sorted file that is uploaded as it is and ingested as it is.
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki/Creating-and-Ingesting-SST-files">Creating and ingesting SST
 *     files</a>
 */
public final class SstFiles {

    private SstFiles() {}

    /**
     * Writes a file. Called on any thread.
     *
     * @param target does not exist yet
     * @param identity names the checkpoint; stored under the reserved key, so that no file is ever empty
     * @param changes in the order of {@link Change#BY_KEY}, every key once
     * @throws LocalStateException when the file cannot be written
     */
    public static void write(Path target, String identity, List<Change> changes, RocksResources resources) {
        try (Options options = resources.sstOptions();
                EnvOptions environment = new EnvOptions();
                SstFileWriter writer = new SstFileWriter(environment, options)) {
            writer.open(target.toString());
            writer.put(KeyLayout.identityKey(), identity.getBytes(StandardCharsets.UTF_8));
            for (Change change : changes) {
                if (change.value() == null) {
                    writer.delete(change.key());
                } else {
                    writer.put(change.key(), change.value());
                }
            }
            writer.finish();
        } catch (RocksDBException e) {
            throw new LocalStateException("cannot write " + target + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a whole file and compares every block with its checksum, past all caches: a third of a second for a gigabyte
     * that the system has in memory. Called on any thread, but not on a loop's.
     *
     * <p>What it leaves unread changes no result: padding, and parts of a filter, which RocksDB does not use when they are
     * damaged.
     *
     * @throws DamagedDatabaseException when it is not what RocksDB wrote
     */
    public static void verify(Path file) {
        try (Options options = uncached();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(file.toString());
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure(file + " cannot be read", e);
        }
    }

    /** What a file says of the checkpoint that it leads to; nothing where the entry is in another file. */
    public static Optional<String> identity(Path file) {
        try (Options options = uncached();
                SstFileReader reader = new SstFileReader(options);
                ReadOptions reads = new ReadOptions()) {
            reader.open(file.toString());
            try (SstFileReaderIterator entries = reader.newIterator(reads)) {
                entries.seekToFirst();
                return entries.isValid() && Arrays.equals(entries.key(), KeyLayout.identityKey())
                        ? Optional.of(new String(entries.value(), StandardCharsets.UTF_8))
                        : Optional.empty();
            }
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure(file + " cannot be read", e);
        }
    }

    /** Nothing that is read with these comes out of a cache, or stays in one. The caller closes them. */
    static Options uncached() {
        RocksDB.loadLibrary();
        return new Options().setTableFormatConfig(new BlockBasedTableConfig().setNoBlockCache(true));
    }
}
