package dev.cairn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * The CRC32C of what is about to be sent, as S3 reads it from the header {@code x-amz-checksum-crc32c}. It is computed
 * before the request: a client that computes it while it sends has to send it after the content, which not every store reads.
 */
final class S3Checksum {

    private S3Checksum() {}

    static String of(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return text(crc);
    }

    /** Of a part of a file. @throws IOException also when the file is shorter */
    static String of(Path file, long from, long length, StoreOptions options) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(options.bufferFor(length));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long left = length;
            while (left > 0) {
                buffer.clear().limit((int) Math.min(left, buffer.capacity()));
                int count = channel.read(buffer, from + length - left);
                if (count < 0) {
                    throw new IOException(file + " has become shorter by " + left + " bytes while it is stored");
                }
                crc.update(buffer.flip());
                left -= count;
            }
        }
        return text(crc);
    }

    private static String text(CRC32C crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }
}
