package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The native libraries that an executable has inside: of the many in the jars of RocksDB, Zstandard and Snappy, the ones for
 * its machine.
 *
 * <p>Snappy's jar brings a configuration that would add its libraries for all machines, 8 MB; the worker's {@code
 * application.properties} remove it. LZ4's library is left out: without it the codec is the one in Java, which is also what a
 * worker on a JVM uses.
 */
enum NativeLibraries {
    AMD64("librocksdbjni-linux64", "linux/amd64", "Linux/x86_64"),
    AARCH64("librocksdbjni-linux-aarch64", "linux/aarch64", "Linux/aarch64");

    private final String rocksDb;
    private final String zstd;
    private final String snappy;

    /**
     * @param rocksDb the name of RocksDB's
     * @param zstd the directory of Zstandard's
     * @param snappy the directory of Snappy's
     */
    NativeLibraries(String rocksDb, String zstd, String snappy) {
        this.rocksDb = rocksDb + "\\.so";
        this.zstd = zstd + "/libzstd-jni-[^/]+\\.so";
        this.snappy = "org/xerial/snappy/native/" + snappy + "/libsnappyjava\\.so";
    }

    /**
     * Looks for them in the jars of a class path.
     *
     * @return as names of resources
     * @throws IllegalStateException when one of them is not there, or there twice
     */
    List<String> in(List<Path> classPath) {
        List<String> entries = classPath.stream()
                .filter(Files::isRegularFile)
                .flatMap(jar -> entries(jar).stream())
                .toList();
        return List.of(only(rocksDb, entries), only(zstd, entries), only(snappy, entries));
    }

    private static String only(String name, List<String> entries) {
        List<String> found =
                entries.stream().filter(entry -> entry.matches(name)).toList();
        if (found.size() != 1) {
            throw new IllegalStateException("one library on the class path has to match " + name + ", but these do: "
                    + found + ". Its jar has changed: correct " + NativeLibraries.class.getName());
        }
        return found.get(0);
    }

    private static List<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".so"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
