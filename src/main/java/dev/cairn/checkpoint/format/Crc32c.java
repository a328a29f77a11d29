package dev.cairn.checkpoint.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** CRC-32C as checkpoints write it: eight hexadecimal digits. The JDK computes it in hardware. */
public final class Crc32c {

    private static final int BUFFER_BYTES = 1 << 18;

    private Crc32c() {}

    public static String of(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return hex(crc);
    }

    public static String of(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return hex(crc);
    }

    private static String hex(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
