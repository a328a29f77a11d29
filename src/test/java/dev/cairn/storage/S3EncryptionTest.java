package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.store.S3Server;

class S3EncryptionTest {

    private static final int PART_BYTES = 5 << 20;

    private static final String ENCRYPTION = "x-amz-server-side-encryption";
    private static final String KMS_KEY = "x-amz-server-side-encryption-aws-kms-key-id";

    @TempDir
    Path directory;

    static Stream<Arguments> encryptions() {
        return Stream.of(
                Arguments.of(S3Encryption.BUCKET, Optional.empty(), null),
                Arguments.of(S3Encryption.SSE_S3, Optional.empty(), "AES256"),
                Arguments.of(S3Encryption.SSE_KMS, Optional.empty(), "aws:kms"),
                Arguments.of(S3Encryption.SSE_KMS, Optional.of("alias/cairn"), "aws:kms"));
    }

    @ParameterizedTest
    @MethodSource("encryptions")
    void shouldAskForEncryptionInEveryWrite(S3Encryption encryption, Optional<String> kmsKey, String asked)
            throws IOException {
        // Given
        Requests requests = new Requests();
        Path small = Files.write(directory.resolve("small"), new byte[] {1});
        Path large = Files.write(directory.resolve("large"), new byte[PART_BYTES]);
        Files.createDirectories(directory.resolve("objects/bucket"));
        try (S3Server server = S3Server.start(directory.resolve("objects"), Encrypting::new);
                S3Client client = server.client(ClientOverrideConfiguration.builder()
                        .addExecutionInterceptor(requests)
                        .build());
                ObjectStore store = ObjectStores.openForCheckpoints(
                        "s3://bucket", () -> client, new StoreOptions(1 << 16, PART_BYTES, encryption, kmsKey))) {
            requests.sent.clear();

            // When
            store.put("job/bytes", new byte[] {1});
            store.put("job/small", small);
            store.create("job/created", new byte[] {1});
            store.put("job/large", large);

            // Then
            String key = kmsKey.orElse(null);
            assertThat(requests.sent)
                    .containsExactly(
                            new Sent("PUT /bucket/job/bytes", asked, key),
                            new Sent("PUT /bucket/job/small", asked, key),
                            new Sent("PUT /bucket/job/created if none", asked, key),
                            new Sent("POST /bucket/job/large uploads", asked, key),
                            new Sent("PUT /bucket/job/large part", null, null),
                            new Sent("POST /bucket/job/large", null, null));
            assertThat(store.read("job/bytes")).containsExactly(1);
        }
    }

    @Test
    void shouldRefuseAKeyThatHasNoUse() {
        assertThatThrownBy(() -> new StoreOptions(1, PART_BYTES, S3Encryption.SSE_S3, Optional.of("alias/cairn")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SSE_S3");
    }

    /** A store on a disk that takes encryption for granted, which the server would refuse otherwise. */
    private static final class Encrypting extends ForwardingBlobStore {

        Encrypting(BlobStore store) {
            super(store);
        }

        @Override
        public boolean supportsServerSideEncryption() {
            return true;
        }
    }

    /** A request as it was sent: what it is, and the encryption and the key that its headers name. */
    private record Sent(String request, String encryption, String kmsKey) {

        static Sent of(SdkHttpRequest request) {
            String kind = "";
            if (request.rawQueryParameters().containsKey("uploads")) {
                kind = " uploads";
            } else if (request.rawQueryParameters().containsKey("partNumber")) {
                kind = " part";
            } else if (request.firstMatchingHeader("If-None-Match").isPresent()) {
                kind = " if none";
            }
            return new Sent(
                    request.method() + " " + request.encodedPath() + kind,
                    request.firstMatchingHeader(ENCRYPTION).orElse(null),
                    request.firstMatchingHeader(KMS_KEY).orElse(null));
        }
    }

    /** Notes what goes to the server. */
    private static final class Requests implements ExecutionInterceptor {

        final List<Sent> sent = new CopyOnWriteArrayList<>();

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            sent.add(Sent.of(context.httpRequest()));
        }
    }
}
