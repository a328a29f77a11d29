package dev.cairn.testkit.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * What is in a partition's RocksDB, read without changing anything in it, and without the code that is tested.
 *
 * @param identity what the reserved key says; nothing for an empty database
 * @param values all other entries by their keys, in hexadecimal digits for the state's id and text after it: {@code
 *     0001/JFK}
 */
record LocalDatabase(Optional<String> identity, Map<String, String> values) {

    private static final int PREFIX_BYTES = 2;

    /** Reads a database that no process has open; one that does not exist is empty. */
    static LocalDatabase read(Path directory) {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return new LocalDatabase(Optional.empty(), Map.of());
        }
        RocksDB.loadLibrary();
        Optional<String> identity = Optional.empty();
        Map<String, String> values = new TreeMap<>();
        try (Options options = new Options().setInfoLogLevel(InfoLogLevel.FATAL_LEVEL);
                RocksDB database = RocksDB.openReadOnly(options, directory.toString());
                RocksIterator entries = database.newIterator()) {
            for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                byte[] key = entries.key();
                String value = new String(entries.value(), StandardCharsets.UTF_8);
                if (Arrays.equals(key, new byte[PREFIX_BYTES])) {
                    identity = Optional.of(value);
                } else {
                    values.put(name(key), value);
                }
            }
            entries.status();
        } catch (RocksDBException e) {
            throw new AssertionError("the database in " + directory + " cannot be read: " + e.getMessage(), e);
        }
        return new LocalDatabase(identity, values);
    }

    private static String name(byte[] key) {
        return String.format(
                Locale.ROOT,
                "%02x%02x/%s",
                key[0],
                key[1],
                new String(key, PREFIX_BYTES, key.length - PREFIX_BYTES, StandardCharsets.UTF_8));
    }

    /** The unique id of the checkpoint that it is at. */
    Optional<String> uid() {
        return identity.map(text -> text.substring(text.lastIndexOf('/') + 1));
    }
}
