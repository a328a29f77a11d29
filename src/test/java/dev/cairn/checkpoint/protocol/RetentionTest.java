package dev.cairn.checkpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.Retention.Retained;
import dev.cairn.storage.ObjectStore;

class RetentionTest {

    private static final Retained NINE = new Retained(9, Set.of("shared/base-2", "shared/9"));
    private static final Retained EIGHT = new Retained(8, Set.of("shared/base-1", "shared/7", "shared/8"));
    private static final Retained SEVEN = new Retained(7, Set.of("shared/base-1", "shared/7"));

    @Test
    @Tag("rule-K2")
    void shouldKeepOneMoreThanAskedWhileNothingProvesTheNewest() {
        assertThat(retired(Set.of(9L, 8L, 7L, 6L), 1, false)).containsExactly(6L, 7L);
    }

    @Test
    @Tag("rule-K2")
    void shouldKeepAsManyAsAskedOnceTheNewestIsMarked() {
        assertThat(retired(Set.of(9L, 8L, 7L), 1, true)).containsExactly(7L, 8L);
        assertThat(retired(Set.of(9L, 8L, 7L), 2, true)).containsExactly(7L);
    }

    @Test
    void shouldKeepAllWhereThereAreFewer() {
        assertThat(retired(Set.of(9L), 3, true)).isEmpty();
        assertThat(retired(Set.of(), 1, false)).isEmpty();
    }

    @Test
    @Tag("rule-K2")
    void shouldRetireByNumberWhateverTheLineOfParents() {
        // Given: after a return from chk-8 to chk-6, chk-9 is the newest
        CheckpointMetadata newest = Checkpoints.of(9, new CheckpointId(6, "uid-6"));

        // When, Then: its parent stays until it is known itself
        assertThat(Retention.retired(Set.of(5L, 6L, 7L, 8L, 9L), newest, 2, false, Optional.empty()))
                .containsExactly(5L);
        assertThat(Retention.retired(Set.of(5L, 6L, 7L, 8L, 9L), newest, 2, true, Optional.empty()))
                .containsExactly(5L, 6L, 7L);
    }

    @Test
    @Tag("rule-K13")
    void shouldKeepWhatIsBorrowedInAddition() {
        assertThat(Retention.retired(
                        Set.of(9L, 8L, 7L, 6L),
                        Checkpoints.of(9, null, List.of(Checkpoints.inline("uid-9"))),
                        2,
                        true,
                        Optional.of(6L)))
                .containsExactly(7L);
    }

    @Test
    @Tag("rule-K3")
    void shouldDeleteMetadataBeforeTheFilesThatNobodyElseNeeds() {
        assertThat(Retention.deletions(List.of(EIGHT, SEVEN), List.of(NINE)))
                .containsExactly(
                        "chk-7/_metadata",
                        "chk-8/_metadata",
                        "chk-7/_committed",
                        "chk-8/_committed",
                        "shared/7",
                        "shared/8",
                        "shared/base-1");
    }

    @Test
    void shouldSpareWhatARetainedCheckpointShares() {
        assertThat(Retention.deletions(List.of(SEVEN), List.of(NINE, EIGHT)))
                .containsExactly("chk-7/_metadata", "chk-7/_committed");
    }

    @Test
    @Tag("rule-K3")
    void shouldNeverDeleteMetadataAndFilesWithOneRequest() {
        // Given
        List<String> metadata = numbered("chk-%d/_metadata", ObjectStore.DELETIONS_PER_REQUEST + 1);
        List<String> files = numbered("shared/%d", ObjectStore.DELETIONS_PER_REQUEST);
        List<String> all = new ArrayList<>(metadata);
        all.addAll(files);

        // When, Then
        assertThat(Retention.requests(all))
                .containsExactly(
                        metadata.subList(0, ObjectStore.DELETIONS_PER_REQUEST),
                        metadata.subList(ObjectStore.DELETIONS_PER_REQUEST, metadata.size()),
                        files);
        assertThat(Retention.requests(List.of())).isEmpty();
    }

    private static List<String> numbered(String pattern, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> pattern.replace("%d", Integer.toString(i)))
                .toList();
    }

    private static List<Long> retired(Set<Long> numbers, int known, boolean newestIsMarked) {
        return Retention.retired(
                numbers,
                Checkpoints.of(9, null, List.of(Checkpoints.inline("uid-9"))),
                known,
                newestIsMarked,
                Optional.empty());
    }
}
