package dev.cairn.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Objects of a bucket to files, eight requests at a time, and nothing else: no checksums of one's own, no database. */
final class PlainDownload {

    private static final int THREADS = 8;
    private static final int BUFFER_BYTES = 1 << 16;

    /** How objects are asked for. */
    enum Requests {
        WHOLE(Long.MAX_VALUE),
        RANGES(16L << 20);

        private final long bytes;

        Requests(long bytes) {
            this.bytes = bytes;
        }
    }

    private final S3Client client;
    private final String bucket;

    PlainDownload(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Downloads into a directory.
     *
     * @param durable whether every file is forced to disk
     * @return the bytes
     */
    long download(Collection<String> keys, Path directory, Requests requests, boolean durable) throws IOException {
        Files.createDirectories(directory);
        List<FileChannel> files = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<CompletableFuture<Void>> durableFiles = new ArrayList<>();
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (String key : keys) {
                long size = client.headObject(request -> request.bucket(bucket).key(key))
                        .contentLength();
                FileChannel file = FileChannel.open(
                        directory.resolve("file-" + files.size()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                files.add(file);
                List<CompletableFuture<Long>> parts = new ArrayList<>();
                for (long from = 0; from < size; ) {
                    long start = from;
                    long end = size - from > requests.bytes ? from + requests.bytes : size;
                    parts.add(CompletableFuture.supplyAsync(() -> part(file, key, start, end), threads));
                    from = end;
                }
                all.addAll(parts);
                if (durable) {
                    durableFiles.add(CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                            .thenRunAsync(() -> force(file), threads));
                }
            }
            durableFiles.forEach(CompletableFuture::join);
            return all.stream().mapToLong(CompletableFuture::join).sum();
        } finally {
            threads.shutdownNow();
            for (FileChannel file : files) {
                file.close();
            }
        }
    }

    private long part(FileChannel file, String key, long from, long to) {
        return client.getObject(
                request -> request.bucket(bucket).key(key).range("bytes=" + from + "-" + (to - 1)),
                (ResponseTransformer<GetObjectResponse, Long>) (response, content) -> write(file, from, content));
    }

    private static long write(FileChannel file, long from, InputStream content) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long position = from;
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                position += file.write(bytes, position);
            }
        }
        return position - from;
    }

    private static void force(FileChannel file) {
        try {
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
