package dev.cairn.checkpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.ObjectRef;

class BasePolicyTest {

    private static final long MEGABYTE = 1 << 20;

    @Test
    void shouldLetDeltasOfAHundredthOutgrowTheBase() {
        Base base = base(1000 * MEGABYTE);
        int deltas = IntStream.rangeClosed(1, 1000)
                .filter(count -> BasePolicy.isDue(checkpoint(base, count, 10 * MEGABYTE)))
                .findFirst()
                .orElseThrow();

        assertThat(deltas).isEqualTo(125);
    }

    @Test
    void shouldMakeABaseOfALongChain() {
        Base base = base(1000 * MEGABYTE);

        assertThat(BasePolicy.isDue(checkpoint(base, 127, 1))).isFalse();
        assertThat(BasePolicy.isDue(checkpoint(base, 128, 1))).isTrue();
    }

    @Test
    void shouldMakeTheFirstBaseWhenItIsWorthwhile() {
        assertThat(BasePolicy.isDue(checkpoint(null, 4, 3 * MEGABYTE))).isFalse();
        assertThat(BasePolicy.isDue(checkpoint(null, 3, 100 * MEGABYTE))).isFalse();
        assertThat(BasePolicy.isDue(checkpoint(null, 4, 4 * MEGABYTE))).isTrue();
    }

    private static Base base(long bytes) {
        return new Base("uid-0", 1, new ObjectRef("shared/base-1.json", 100, "0a1b2c3d"), bytes);
    }

    private static CheckpointMetadata checkpoint(Base base, int deltas, long bytesEach) {
        List<Delta> chain = IntStream.rangeClosed(1, deltas)
                .mapToObj(i -> Delta.ofFile(
                        List.of("uid-" + i), new ObjectRef("shared/delta-" + i + ".sst", bytesEach, "12345678")))
                .toList();
        return Checkpoints.of(deltas + 1L, base, chain);
    }
}
