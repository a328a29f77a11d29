package dev.cairn.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of S3, or of a store that speaks its protocol. Large files go up in parts and come down in ranges,
 * several at a time. Every upload carries its CRC32C in a header; a store that knows it compares it before it answers.
 */
final class S3ObjectStore implements ObjectStore {

    static final String SCHEME = "s3";

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int PARALLEL_PARTS = 8;
    private static final int PARALLEL_PARTS_IN_BACKGROUND = 2;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final StoreOptions options;
    private final S3Calls calls;
    private final Optional<S3ObjectStore> background;
    private final S3Deletion deletion;

    /** @param prefix of all keys, without slashes around it; empty for the whole bucket */
    S3ObjectStore(S3Client client, String bucket, String prefix, StoreOptions options) {
        this(
                client,
                bucket,
                prefix,
                options,
                PARALLEL_PARTS,
                Optional.of(new S3ObjectStore(
                        client, bucket, prefix, options, PARALLEL_PARTS_IN_BACKGROUND, Optional.empty())));
    }

    private S3ObjectStore(
            S3Client client,
            String bucket,
            String prefix,
            StoreOptions options,
            int parallelParts,
            Optional<S3ObjectStore> background) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.options = options;
        this.calls = new S3Calls(parallelParts);
        this.background = background;
        this.deletion = new S3Deletion(client, bucket);
    }

    /**
     * Creates the same key twice.
     *
     * @throws StorageException when the bucket cannot be used: names it, the cause and the way out
     */
    void probe() {
        String key = key(ObjectKeys.RESERVED) + "/probe-" + UUID.randomUUID();
        try {
            // An interrupt ends the waiting.
            boolean second = calls.call(() -> {
                creating(key, new byte[0]);
                boolean overwritten = creating(key, new byte[0]) == Creation.CREATED;
                client.deleteObject(request -> request.bucket(bucket).key(key));
                return overwritten;
            });
            if (second) {
                throw new StorageException(
                        "the store at " + location() + " overwrites an object that should have been created"
                                + " only if it is not there (If-None-Match: *): two workers could take the same checkpoint for"
                                + " theirs. Use a store with conditional writes");
            }
        } catch (S3Exception e) {
            throw new StorageException(
                    "cannot use " + location() + ": " + S3Failures.reason(e) + S3Failures.wayOut(e), e);
        } catch (SdkException e) {
            throw new StorageException(
                    "cannot reach " + location() + ": " + S3Failures.reason(e)
                            + ". Check quarkus.s3.endpoint-override, the region, the credentials and the network",
                    e);
        }
    }

    @Override
    public String location() {
        return SCHEME + "://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public void put(String key, Path file) {
        String target = key(ObjectKeys.require(key));
        String attempt = "store " + file + " as " + name(key);
        runHere(attempt, key, () -> {
            try {
                long size = Files.size(file);
                if (size < options.partBytes()) {
                    String checksum = S3Checksum.of(file, 0, size, options);
                    calls.call(() -> putWhole(target, checksum, file, size));
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

    private PutObjectResponse putWhole(String target, String checksum, Path file, long size) {
        try (FileSlice content = new FileSlice(file, 0, size, options)) {
            return client.putObject(upload(target, checksum), content.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(String key, byte[] content) {
        String target = key(ObjectKeys.require(key));
        run(
                "store " + name(key),
                key,
                () -> client.putObject(upload(target, S3Checksum.of(content)), RequestBody.fromBytes(content)));
    }

    @Override
    public Creation create(String key, byte[] content) {
        String target = key(ObjectKeys.require(key));
        return run("create " + name(key), key, () -> creating(target, content));
    }

    private Creation creating(String key, byte[] content) {
        try {
            client.putObject(
                    upload(key, S3Checksum.of(content)).andThen(request -> request.ifNoneMatch("*")),
                    RequestBody.fromBytes(content));
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
        runHere(attempt, key, () -> {
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

    @Override
    public ObjectStore inBackground() {
        return background.orElse(this);
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        Map<String, String> targets = new LinkedHashMap<>();
        keys.forEach(key -> targets.put(key(ObjectKeys.require(key)), key));
        Map<String, String> left = new LinkedHashMap<>();
        run("delete " + keys.size() + " objects of " + location(), "", () -> deletion.delete(targets.keySet()))
                .forEach((target, why) -> left.put(targets.getOrDefault(target, target), why));
        return left;
    }

    /** The client belongs to its maker. */
    @Override
    public void close() {
        calls.close();
        background.ifPresent(S3ObjectStore::close);
    }

    private Consumer<PutObjectRequest.Builder> upload(String key, String checksum) {
        return request -> request.bucket(bucket)
                .key(key)
                .checksumCRC32C(checksum)
                .serverSideEncryption(options.encryption().requested())
                .ssekmsKeyId(options.kmsKey().orElse(null));
    }

    private RemoteObject remote(String key) {
        return new RemoteObject(client, bucket, key, calls);
    }

    /** Makes a call, or several one after the other. */
    private <T> T run(String attempt, String key, Supplier<T> call) {
        return runHere(attempt, key, () -> calls.call(call));
    }

    /** Does on this thread what makes its calls on others. */
    private <T> T runHere(String attempt, String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (NoSuchKeyException e) {
            throw new ObjectMissingException(location(), key);
        } catch (S3Exception e) {
            String conflict = e.statusCode() == CONFLICT ? " (another writer is at it; trying again decides)" : "";
            throw new StorageException(
                    "cannot " + attempt + ": " + S3Failures.reason(e) + conflict + S3Failures.wayOutOfSilence(e), e);
        } catch (SdkException | UncheckedIOException e) {
            throw new StorageException("cannot " + attempt + ": " + S3Failures.reason(e), e);
        }
    }

    private String key(String key) {
        return prefix.isEmpty() ? key : prefix + "/" + key;
    }

    private String name(String key) {
        return location() + "/" + key;
    }
}
