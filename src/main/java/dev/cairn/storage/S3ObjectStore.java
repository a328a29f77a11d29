package dev.cairn.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of S3, or of a store that speaks its protocol. Large files go up in parts and come down in ranges,
 * several at a time; every upload carries its CRC32C, which the store compares before it answers.
 */
final class S3ObjectStore implements ObjectStore {

    static final String SCHEME = "s3";

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int TRANSFERS = 8;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final StoreOptions options;
    private final ExecutorService transfers = Executors.newFixedThreadPool(TRANSFERS, task -> {
        Thread thread = new Thread(task, "cairn-s3");
        thread.setDaemon(true);
        return thread;
    });

    /** @param prefix of all keys, without slashes around it; empty for the whole bucket */
    S3ObjectStore(S3Client client, String bucket, String prefix, StoreOptions options) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.options = options;
    }

    /**
     * Creates the same key twice.
     *
     * @throws StorageException when the bucket cannot be used: names it, the cause and the way out
     */
    void probe() {
        String key = key(ObjectKeys.RESERVED) + "/probe-" + UUID.randomUUID();
        try {
            creating(key, new byte[0]);
            boolean second = creating(key, new byte[0]) == Creation.CREATED;
            client.deleteObject(request -> request.bucket(bucket).key(key));
            if (second) {
                throw new StorageException("the store at " + location() + " overwrites an object that was to be created"
                        + " only if it is not there (If-None-Match: *): two workers could take the same checkpoint for"
                        + " theirs. Use a store with conditional writes");
            }
        } catch (S3Exception e) {
            throw new StorageException("cannot use " + location() + ": " + reason(e) + wayOut(e), e);
        } catch (SdkException e) {
            throw new StorageException(
                    "cannot reach " + location() + ": " + reason(e)
                            + ". Check quarkus.s3.endpoint-override, the region, the credentials and the network",
                    e);
        }
    }

    private static String wayOut(S3Exception e) {
        return switch (e.statusCode()) {
            case NOT_FOUND -> ". Create the bucket, or correct state.checkpoints.dir";
            case 401, 403 ->
                ". Check the credentials, and that they may get, put, delete and list objects (s3:GetObject,"
                        + " s3:PutObject, s3:DeleteObject, s3:ListBucket, s3:AbortMultipartUpload)";
            case 301, 307 -> ". Set quarkus.s3.aws.region to the bucket's region";
            case 501 ->
                ". Use a store with conditional writes (If-None-Match), and with the encryption that is asked for";
            default -> "";
        };
    }

    @Override
    public String location() {
        return SCHEME + "://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public void put(String key, Path file) {
        String target = key(ObjectKeys.require(key));
        String attempt = "store " + file + " as " + name(key);
        run(attempt, key, () -> {
            try {
                long size = Files.size(file);
                if (size < options.partBytes()) {
                    client.putObject(upload(target), FileSlice.of(file, 0, size, options));
                } else {
                    new S3Upload(remote(target), options).upload(file);
                }
            } catch (NoSuchFileException e) {
                throw StorageException.failed(attempt, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return null;
        });
    }

    @Override
    public void put(String key, byte[] content) {
        String target = key(ObjectKeys.require(key));
        run("store " + name(key), key, () -> client.putObject(upload(target), RequestBody.fromBytes(content)));
    }

    @Override
    public Creation create(String key, byte[] content) {
        String target = key(ObjectKeys.require(key));
        return run("create " + name(key), key, () -> creating(target, content));
    }

    private Creation creating(String key, byte[] content) {
        try {
            client.putObject(upload(key).andThen(request -> request.ifNoneMatch("*")), RequestBody.fromBytes(content));
            return Creation.CREATED;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return Creation.EXISTS;
            }
            throw e;
        }
    }

    @Override
    public byte[] read(String key) {
        String source = key(ObjectKeys.require(key));
        return run("read " + name(key), key, () -> client.getObject(
                        request -> request.bucket(bucket).key(source), ResponseTransformer.toBytes())
                .asByteArray());
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        String source = key(ObjectKeys.require(key));
        String attempt = "download " + name(key) + " to " + target;
        run(attempt, key, () -> {
            try {
                new S3Download(remote(source), arrived).download(target);
            } catch (IOException e) {
                throw StorageException.failed(attempt, e);
            }
            return null;
        });
    }

    @Override
    public List<StoredObject> list(String directory) {
        String start = key(ObjectKeys.require(directory)) + "/";
        int skipped = prefix.isEmpty() ? 0 : prefix.length() + 1;
        return run("list " + name(directory), directory, () -> {
            List<StoredObject> found = new ArrayList<>();
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(start))
                    .contents()) {
                found.add(new StoredObject(object.key().substring(skipped), object.size(), object.lastModified()));
            }
            // The store's order is that of UTF-8.
            found.sort(Comparator.comparing(StoredObject::key));
            return found;
        });
    }

    @Override
    public List<String> directories(String directory) {
        String start = directory.isEmpty() ? key("") : key(ObjectKeys.require(directory)) + "/";
        return run("list the directories of " + name(directory), directory, () -> {
            Stream<String> found = client
                    .listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(start).delimiter("/"))
                    .commonPrefixes()
                    .stream()
                    .map(CommonPrefix::prefix)
                    .map(prefix -> prefix.substring(start.length(), prefix.length() - 1));
            return ObjectKeys.namesIn(directory, found);
        });
    }

    @Override
    public void delete(String key) {
        String target = key(ObjectKeys.require(key));
        run(
                "delete " + name(key),
                key,
                () -> client.deleteObject(request -> request.bucket(bucket).key(target)));
    }

    /** The client belongs to whoever made it. */
    @Override
    public void close() {
        transfers.shutdownNow();
    }

    private Consumer<PutObjectRequest.Builder> upload(String key) {
        return request -> request.bucket(bucket)
                .key(key)
                .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                .serverSideEncryption(options.encryption().requested())
                .ssekmsKeyId(options.kmsKey().orElse(null));
    }

    private RemoteObject remote(String key) {
        return new RemoteObject(client, bucket, key, transfers);
    }

    private <T> T run(String attempt, String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (NoSuchKeyException e) {
            throw new ObjectMissingException(location(), key);
        } catch (S3Exception e) {
            String conflict = e.statusCode() == CONFLICT ? " (another writer is at it; trying again decides)" : "";
            throw new StorageException("cannot " + attempt + ": " + reason(e) + conflict, e);
        } catch (SdkException | UncheckedIOException e) {
            throw new StorageException("cannot " + attempt + ": " + reason(e), e);
        }
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private String key(String key) {
        return prefix.isEmpty() ? key : prefix + "/" + key;
    }

    private String name(String key) {
        return location() + "/" + key;
    }
}
