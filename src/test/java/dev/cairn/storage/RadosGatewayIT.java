package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

import dev.cairn.testkit.store.RadosGateway;
import dev.cairn.testkit.store.S3Service;

/** Objects in Ceph, by its gateway for S3. */
@Tag("ceph")
class RadosGatewayIT extends S3StoreContract {

    private static RadosGateway gateway;
    private static S3Client client;

    @BeforeAll
    static void startGateway(@TempDir Path directory) {
        gateway = RadosGateway.start(directory);
        client = gateway.client();
    }

    @AfterAll
    static void stopGateway() {
        client.close();
        gateway.close();
    }

    @Test
    void shouldDeleteSeveralObjectsAtOnce() {
        // Given
        List<ObjectIdentifier> objects = Stream.of("job/a", "job/b", "job/none")
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        client.putObject(request -> request.bucket(bucket()).key("job/a"), RequestBody.fromString("a"));
        client.putObject(request -> request.bucket(bucket()).key("job/b"), RequestBody.fromString("b"));

        // When
        DeleteObjectsResponse answer =
                client.deleteObjects(request -> request.bucket(bucket()).delete(delete -> delete.objects(objects)));

        // Then
        assertThat(answer.errors()).isEmpty();
        assertThat(client.listObjectsV2(request -> request.bucket(bucket())).contents())
                .isEmpty();
    }

    @Test
    void shouldSayWhatToDoAboutARequestThatItDoesNotKnow() {
        try (S3Client chunking = S3Service.clientBuilder(gateway.endpoint(), S3Service.SECRET_KEY)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(true)
                        .chunkedEncodingEnabled(true)
                        .build())
                .build()) {
            assertThatThrownBy(() ->
                            ObjectStores.openForCheckpoints("s3://" + bucket(), () -> chunking, StoreOptions.DEFAULT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot use s3://" + bucket() + ": the store answers ")
                    .hasMessageContaining("quarkus.s3.chunked-encoding=false");
        }
    }

    @Override
    S3Service service() {
        return gateway;
    }

    @Override
    S3Client client() {
        return client;
    }
}
