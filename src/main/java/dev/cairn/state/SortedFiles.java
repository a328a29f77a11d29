package dev.cairn.state;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Writes a whole state, key after key, as sorted files that follow on each other, for a database to ingest at once. By one
 * thread.
 */
public final class SortedFiles implements AutoCloseable {

    private static final long FILE_BYTES = 64L << 20;

    private final Path directory;
    private final Options options;
    private final EnvOptions environment = new EnvOptions();
    private final List<Path> files = new ArrayList<>();
    private SstFileWriter writer;
    private long inFile;
    private long entries;

    /**
     * @param directory exists, and is empty
     * @param identity names the checkpoint that a database is at once it has taken the files in
     */
    public SortedFiles(Path directory, String identity, RocksResources resources) {
        this.directory = directory;
        this.options = resources.sstOptions();
        put(KeyLayout.identityKey(), identity.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds an entry.
     *
     * @param state not before the one of the last entry, by id
     * @param key the entry key, after that of the last entry of the same state, by unsigned bytes
     * @throws LocalStateException when the disk fails, or the order is violated
     */
    public void add(StateDescriptor state, byte[] key, byte[] value) {
        put(KeyLayout.stored(state.id(), key), value);
        entries++;
    }

    /** How many entries were added. */
    public long entries() {
        return entries;
    }

    /** Ends the last file. @return all files, in order; there is one at least */
    public List<Path> finish() {
        endFile();
        return List.copyOf(files);
    }

    private void put(byte[] key, byte[] value) {
        try {
            if (writer == null) {
                Path file = directory.resolve(String.format(Locale.ROOT, "%06d.sst", files.size() + 1));
                writer = new SstFileWriter(environment, options);
                writer.open(file.toString());
                files.add(file);
            }
            writer.put(key, value);
            inFile += key.length + value.length;
        } catch (RocksDBException e) {
            throw new LocalStateException("cannot write to " + directory + ": " + e.getMessage(), e);
        }
        if (inFile >= FILE_BYTES) {
            endFile();
        }
    }

    private void endFile() {
        if (writer == null) {
            return;
        }
        try {
            writer.finish();
        } catch (RocksDBException e) {
            throw new LocalStateException("cannot write to " + directory + ": " + e.getMessage(), e);
        } finally {
            closeWriter();
        }
    }

    private void closeWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
            inFile = 0;
        }
    }

    /** The files stay. */
    @Override
    public void close() {
        closeWriter();
        environment.close();
        options.close();
    }
}
