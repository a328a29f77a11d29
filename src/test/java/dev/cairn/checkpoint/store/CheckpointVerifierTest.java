package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.Verdict.BadObject;
import dev.cairn.checkpoint.store.Verdict.Kind;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

class CheckpointVerifierTest {

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

    private StoredJob job;
    private ObjectStore objects;
    private CheckpointVerifier verifier;

    @BeforeEach
    void store() {
        job = StoredJob.create(directory);
        objects = ObjectStores.open(directory.toString());
        verifier = new CheckpointVerifier(new CheckpointStore(objects, "orders", 3), scratch, Progress.NONE);
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    void shouldFindWholeWhatIsAsItWasWritten() {
        // When
        Verdict verdict = verifier.verify(7);

        // Then: _metadata, the base's description, its file, a delta
        assertThat(verdict.isWhole()).isTrue();
        assertThat(verdict.objects()).isEqualTo(4);
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void shouldNameObjectThatWasDamagedBeforeItWasStored() {
        // Given
        StoredDamage.ofLargestDelta(directory.toString(), "orders", 3, 0.2);

        // When
        Verdict verdict = verifier.verify(7);

        // Then
        assertThat(verdict.bad()).hasSize(1).first().satisfies(bad -> {
            assertThat(bad.path()).isEqualTo(StoredJob.DELTA);
            assertThat(bad.kind()).isEqualTo(Kind.DAMAGED);
            assertThat(bad.cause()).contains("was damaged before it was stored");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {StoredJob.BASE_FILE, StoredJob.BASE_DESCRIPTION, StoredJob.DELTA})
    void shouldNameObjectThatIsMissing(String path) throws IOException {
        // Given
        Files.delete(job.partition().resolve(path));

        // When
        Verdict verdict = verifier.verify(7);

        // Then
        assertThat(verdict.bad()).hasSize(1).first().satisfies(bad -> {
            assertThat(bad.path()).isEqualTo(path);
            assertThat(bad.kind()).isEqualTo(Kind.DAMAGED);
            assertThat(bad.cause()).contains(path, "is missing, and a checkpoint needs it");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {StoredJob.BASE_FILE, StoredJob.BASE_DESCRIPTION, StoredJob.DELTA})
    void shouldNameObjectWithAFlippedBit(String path) throws IOException {
        // Given
        flip(job.partition().resolve(path));

        // When
        Verdict verdict = verifier.verify(7);

        // Then
        assertThat(verdict.bad()).hasSize(1).first().satisfies(bad -> assertThat(bad.cause())
                .contains(path, "CRC32C", "recorded"));
    }

    @Test
    void shouldNameEveryBadObjectAndBlameEachCheckpointThatNeedsIt() throws IOException {
        // Given
        flip(job.partition().resolve(StoredJob.BASE_FILE));
        Files.delete(job.partition().resolve(StoredJob.DELTA));

        // When, Then
        for (long number : new long[] {7, 6}) {
            assertThat(verifier.verify(number).bad())
                    .extracting(BadObject::path)
                    .containsExactlyInAnyOrder(StoredJob.BASE_FILE, StoredJob.DELTA);
        }
    }

    @Test
    void shouldNameMetadataThatIsAltered() throws IOException {
        // Given
        flip(job.partition().resolve("chk-7/_metadata"));

        // When, Then
        assertThat(verifier.verify(7).bad()).extracting(BadObject::path).containsExactly("chk-7/_metadata");
    }

    @Test
    void shouldSayThatThereIsNoneOfTheNumber() {
        assertThatThrownBy(() -> verifier.verify(8)).isInstanceOf(ObjectMissingException.class);
    }

    private static void flip(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 0x01;
        Files.write(file, content);
    }
}
