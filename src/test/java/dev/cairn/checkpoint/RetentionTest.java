package dev.cairn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.Retention.Retained;

class RetentionTest {

    private static final Retained NINE = new Retained(9, Set.of("shared/base-2", "shared/9"));
    private static final Retained EIGHT = new Retained(8, Set.of("shared/base-1", "shared/7", "shared/8"));
    private static final Retained SEVEN = new Retained(7, Set.of("shared/base-1", "shared/7"));

    @Test
    void shouldKeepOneMoreThanAskedWhileNothingProvesTheNewest() {
        assertThat(Retention.keep(List.of(NINE, EIGHT, SEVEN), 1, false)).containsExactly(NINE, EIGHT);
    }

    @Test
    void shouldKeepAsManyAsAskedOnceTheNewestIsMarked() {
        assertThat(Retention.keep(List.of(NINE, EIGHT, SEVEN), 1, true)).containsExactly(NINE);
        assertThat(Retention.keep(List.of(NINE, EIGHT, SEVEN), 2, true)).containsExactly(NINE, EIGHT);
    }

    @Test
    void shouldKeepAllWhereThereAreFewer() {
        assertThat(Retention.keep(List.of(NINE), 3, true)).containsExactly(NINE);
        assertThat(Retention.keep(List.of(), 1, false)).isEmpty();
    }

    @Test
    void shouldDeleteMetadataBeforeTheFilesThatNobodyElseNeeds() {
        assertThat(Retention.deletions(List.of(EIGHT, SEVEN), List.of(NINE), Set.of()))
                .containsExactly(
                        "chk-7/_metadata",
                        "chk-7/_committed",
                        "chk-8/_metadata",
                        "chk-8/_committed",
                        "shared/7",
                        "shared/8",
                        "shared/base-1");
    }

    @Test
    void shouldSpareWhatARetainedCheckpointShares() {
        assertThat(Retention.deletions(List.of(SEVEN), List.of(NINE, EIGHT), Set.of()))
                .containsExactly("chk-7/_metadata", "chk-7/_committed");
    }

    @Test
    void shouldSpareWhatIsInUse() {
        assertThat(Retention.deletions(List.of(EIGHT), List.of(NINE), Set.of("shared/8", "shared/base-1")))
                .containsExactly("chk-8/_metadata", "chk-8/_committed", "shared/7");
    }
}
