package dev.cairn.state;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
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
}
