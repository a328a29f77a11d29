package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkiverse.resteasy.problem.HttpProblem;
import org.junit.jupiter.api.Test;

class StateBatchTest {

    @Test
    void shouldReadAsManyKeysAsMayBeAskedFor() {
        assertThat(read(keys(1_000)).keys()).hasSize(1_000);
        assertThat(read("{\"keys\":[\"a\"],\"encoding\":\"base64\"}")).satisfies(batch -> {
            assertThat(batch.keys()).containsExactly("a");
            assertThat(batch.encoding()).isEqualTo("base64");
        });
    }

    @Test
    void shouldRefuseMoreBeforeTheyAreInMemory() {
        assertThat(refusal(keys(1_001))).contains("1001 keys are too many");
        assertThat(refusal(keys(200_000))).contains("keys are too many");
        assertThat(refusal("{\"keys\":[\"" + "x".repeat(1 << 20) + "\"]}")).contains("larger than 1 MB");
    }

    @Test
    void shouldRefuseWhatIsNoBatch() {
        assertThat(refusal("{\"keys\":[]}")).contains("there are no keys");
        assertThat(refusal("{}")).contains("there are no keys");
        assertThat(refusal("null")).contains("there are no keys");
        assertThat(refusal("{\"keys\":[null]}")).contains("there are no keys");
        assertThat(refusal("{\"keys\":[\"a\"],\"other\":1}")).contains("does not have the shape");
        assertThat(refusal("{\"keys\":[\"a\"],\"keys\":[\"b\"]}")).contains("does not have the shape");
        assertThat(refusal("nonsense")).contains("does not have the shape");
        assertThat(refusal("")).contains("does not have the shape");
    }

    private static String keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "\"" + number % 10 + "\"")
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static StateBatch read(String body) {
        return StateBatch.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusal(String body) {
        return catchThrowableOfType(HttpProblem.class, () -> read(body)).getDetail();
    }
}
