package dev.cairn.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jboss.logging.Logger;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

import dev.cairn.storage.OwnerOnly;

/**
 * RocksDB's native library, which has to be unpacked to be loaded. Left to itself it goes to the temporary directory under
 * a new name each time, and a worker that is killed leaves 15 MB there.
 */
public final class RocksLibrary {

    private static final Logger LOG = Logger.getLogger(RocksLibrary.class);

    private RocksLibrary() {}

    /**
     * Loads it, once for this process. Any thread; blocks for a tenth of a second.
     *
     * @param directory of this worker only; what an earlier run left there is replaced
     */
    public static void load(Path directory) {
        try {
            Files.createDirectories(directory, OwnerOnly.directory());
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            LOG.debugf(e, "not from %s, perhaps nothing may be executed there", directory);
        }
        RocksDB.loadLibrary();
    }
}
