package dev.cairn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** A process that stores objects until it is killed, and says each key once its object is stored. */
final class ObjectWriter {

    private static final int SIZE = 5_000_003;

    private ObjectWriter() {}

    /** Takes the store's location, a directory for local files, and a prefix for the keys of this process. */
    public static void main(String[] args) throws IOException {
        byte[] content = content();
        Path file = Files.write(Path.of(args[1]).resolve("local.sst"), content);
        try (ObjectStore store = ObjectStores.open(args[0])) {
            for (int i = 0; ; i++) {
                String key = args[2] + "/chk-" + i % 7 + "/object-" + i;
                switch (i % 3) {
                    case 0 -> store.put(key, content);
                    case 1 -> store.put(key, file);
                    default -> store.create(key, content);
                }
                System.out.println(key);
            }
        }
    }

    /** Random bytes that end with their own checksum. */
    private static byte[] content() {
        byte[] content = new byte[SIZE];
        new Random().nextBytes(content);
        ByteBuffer.wrap(content).putInt(content.length - Integer.BYTES, checksum(content));
        return content;
    }

    static boolean isWhole(byte[] content) {
        return content.length >= Integer.BYTES
                && ByteBuffer.wrap(content).getInt(content.length - Integer.BYTES) == checksum(content);
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(Arrays.copyOf(content, content.length - Integer.BYTES));
        return (int) crc.getValue();
    }
}
