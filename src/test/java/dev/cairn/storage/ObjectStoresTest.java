package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class ObjectStoresTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:%s/my checkpoints",
                "file://%s/my checkpoints",
                "FILE:%s/my checkpoints",
                "%s/my checkpoints"
            })
    void shouldOpenADirectory(String pattern) throws IOException {
        // When
        try (ObjectStore store = ObjectStores.open(pattern.formatted(temp.toRealPath()))) {
            // Then
            assertThat(store.location()).isEqualTo("file:" + temp.toRealPath() + "/my checkpoints");
            assertThat(temp.resolve("my checkpoints")).isDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:", ""})
    void shouldOpenARelativeDirectory(String scheme) throws IOException {
        // Given
        Path relative =
                Path.of("").toAbsolutePath().relativize(temp.toRealPath()).resolve("checkpoints");

        // When
        try (ObjectStore store = ObjectStores.open(scheme + relative)) {
            // Then
            assertThat(store.location()).isEqualTo("file:" + temp.toRealPath() + "/checkpoints");
        }
    }

    @Test
    void shouldOpenItsOwnLocation() throws IOException {
        try (ObjectStore first = ObjectStores.open(temp + "/100%20");
                ObjectStore second = ObjectStores.open(first.location())) {
            // When
            first.put("job/a", new byte[] {1});

            // Then
            assertThat(second.read("job/a")).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket, s3://bucket",
        "s3://bucket/, s3://bucket",
        "s3://bucket//, s3://bucket",
        "s3://my.bucket-1/a, s3://my.bucket-1/a",
        "s3://bucket//a//b//, s3://bucket/a//b"
    })
    void shouldReadBucketAndPrefix(String location, String read) {
        assertThat(ObjectStores.isInBucket(location)).isTrue();
        try (ObjectStore store = ObjectStores.openToRead(location, ObjectStoresTest::neverAsked)) {
            assertThat(store.location()).isEqualTo(read);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:/bucket/a",
                "s3://",
                "s3:///a",
                "s3://ab/x",
                "s3://my_bucket/x",
                "s3://Bucket/x",
                "s3://bucketS"
            })
    void shouldNotGuessWhichBucketIsMeant(String location) {
        assertThat(ObjectStores.isInBucket(location)).isFalse();
        assertThatThrownBy(() -> ObjectStores.openToRead(location, ObjectStoresTest::neverAsked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + location + "'")
                .hasMessageContaining("s3://bucket/prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://bucket/checkpoints",
                "s3:bucket",
                "hdfs://name/x",
                "http://x",
                "file://host/x",
                "file:",
                "file://",
                "",
                " "
            })
    void shouldSayWhatIsSupported(String location) {
        assertThatThrownBy(() -> ObjectStores.open(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + location + "'")
                .hasMessageContaining("file:/absolute/path");
    }

    /** No request is sent. */
    private static S3Client neverAsked() {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }
}
