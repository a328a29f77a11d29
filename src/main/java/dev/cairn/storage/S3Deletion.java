package dev.cairn.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Deletes many objects with one request, {@code DeleteObjects}. The checksum that S3 requires of it goes in a header. A store
 * that does not know the request gets one deletion for each object. Thread-safe.
 */
final class S3Deletion {

    private static final Logger LOG = Logger.getLogger(S3Deletion.class);

    /** Bad request, method not allowed, not implemented: what stores answer that do not know the request. */
    private static final Set<Integer> NOT_KNOWN = Set.of(400, 405, 501);

    /** What a store answers with 400 that knows the request: it is about the moment, or about who asks. */
    private static final Set<String> KNOWN = Set.of(
            "AuthorizationHeaderMalformed",
            "BadDigest",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteBody",
            "InvalidToken",
            "RequestTimeout",
            "TokenRefreshRequired");

    private final S3Client client;
    private final String bucket;
    private volatile boolean oneByOne;

    S3Deletion(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Deletes.
     *
     * @param keys in the bucket
     * @return why objects are still there, by key
     * @throws software.amazon.awssdk.core.exception.SdkException when a request fails: any of the objects may be gone
     */
    Map<String, String> delete(Collection<String> keys) {
        Map<String, String> left = new LinkedHashMap<>();
        List<String> all = new ArrayList<>(keys);
        for (int from = 0; from < all.size(); from += ObjectStore.DELETIONS_PER_REQUEST) {
            List<String> some = all.subList(from, Math.min(all.size(), from + ObjectStore.DELETIONS_PER_REQUEST));
            left.putAll(oneByOne ? deleteOneByOne(some) : deleteAtOnce(some));
        }
        return left;
    }

    private Map<String, String> deleteAtOnce(List<String> keys) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        DeleteObjectsResponse answer;
        try {
            answer = client.deleteObjects(request -> request.bucket(bucket)
                    .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                    .delete(deletion -> deletion.objects(objects).quiet(true)));
        } catch (S3Exception e) {
            if (!isNotKnown(e)) {
                throw e;
            }
            Map<String, String> left = deleteOneByOne(keys);
            LOG.infof("the store does not know DeleteObjects, objects are deleted one by one: %s", e.getMessage());
            oneByOne = true;
            return left;
        }
        Map<String, String> left = new LinkedHashMap<>();
        for (S3Error error : answer.errors()) {
            // Deleting what is not there is no error, whatever a store calls it.
            if (!"NoSuchKey".equals(error.code())) {
                left.put(error.key(), error.code() + (error.message() == null ? "" : ": " + error.message()));
            }
        }
        return left;
    }

    private static boolean isNotKnown(S3Exception e) {
        boolean known = e.awsErrorDetails() != null
                && e.awsErrorDetails().errorCode() != null
                && KNOWN.contains(e.awsErrorDetails().errorCode());
        return NOT_KNOWN.contains(e.statusCode()) && !known;
    }

    private Map<String, String> deleteOneByOne(List<String> keys) {
        Map<String, String> left = new LinkedHashMap<>();
        for (String key : keys) {
            try {
                client.deleteObject(request -> request.bucket(bucket).key(key));
            } catch (S3Exception e) {
                left.put(key, e.getMessage());
            }
        }
        return left;
    }
}
