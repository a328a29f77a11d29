package dev.cairn.state;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** A file of a local database, or on its way into one, is missing or is not what RocksDB wrote. Trying again does not help. */
public final class DamagedDatabaseException extends LocalStateException {

    private static final long serialVersionUID = 1L;

    /** With the file or directory, and what is wrong with it. */
    public DamagedDatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a failure of RocksDB is: damage, or a disk that fails. */
    static LocalStateException orFailure(String message, RocksDBException cause) {
        String full = message + ": " + cause.getMessage();
        return isDamage(cause) ? new DamagedDatabaseException(full, cause) : new LocalStateException(full, cause);
    }

    /** RocksDB's Java classes do not name the code of a missing file. */
    private static boolean isDamage(RocksDBException cause) {
        Status status = cause.getStatus();
        return (status != null && status.getCode() == Status.Code.Corruption)
                || String.valueOf(cause.getMessage()).contains("No such file or directory");
    }
}
