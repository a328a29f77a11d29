package dev.cairn.testkit.verify;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.broker.Readers;

class AggregateVerifierTest {

    private static final String A1 = "{\"count\":1,\"sum\":5,\"min\":5,\"max\":5,\"last\":5}";
    private static final String A2 = "{\"count\":2,\"sum\":3.5,\"min\":-1.5,\"max\":5,\"last\":-1.5}";
    private static final String A3 = "{\"count\":3,\"sum\":10.5,\"min\":-1.5,\"max\":7,\"last\":7}";
    private static final String A4 = "{\"count\":4,\"sum\":11.5,\"min\":-1.5,\"max\":7,\"last\":1}";

    private final AggregateVerifier verifier = new AggregateVerifier()
            .expect("a", new BigDecimal("5"))
            .expect("a", new BigDecimal("-1.5"))
            .expect("a", new BigDecimal("7"));

    @Test
    void shouldAcceptEachResultOnce() {
        assertThatCode(() -> verifier.verifyExactlyOnce(output(A1, A2, A3))).doesNotThrowAnyException();
    }

    @Test
    void shouldFindRepeat() {
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A1, A2, A2, A3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("offset 2")
                .hasMessageContaining("a repeat, count 2 has been there already");
    }

    @Test
    void shouldFindGap() {
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A1, A3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("key a, partition 0, offset 1")
                .hasMessageContaining("a gap, count 2 is missing");
    }

    @Test
    void shouldFindMissingEnd() {
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A1, A2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("key a: its results end at count 2, it has 3 inputs");
    }

    @Test
    void shouldFindWrongSum() {
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A1, A2, A3.replace("10.5", "10.6"))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the first 3 inputs make");
    }

    @Test
    void shouldFindResultWithoutInput() {
        // Given
        AggregateVerifier nothing = new AggregateVerifier();

        // When, Then
        assertThatThrownBy(() -> nothing.verifyExactlyOnce(output(A1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("there is no input with this key");
    }

    @Test
    void shouldFindWhatIsNoAggregate() {
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output("{\"count\":1}", null, "null")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("with 4 problems")
                .hasMessageContaining("not an aggregate");
    }

    @Test
    void shouldAcceptResultsThatComeAgainUnderAtLeastOnce() {
        assertThatCode(() -> verifier.verifyAtLeastOnce(output(A1, A2, A1, A2, A3)))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldFindGapUnderAtLeastOnce() {
        assertThatThrownBy(() -> verifier.verifyAtLeastOnce(output(A1, A1, A3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a gap, count 2 is missing");
    }

    @Test
    void shouldFindOutdatedLastResultUnderAtLeastOnce() {
        assertThatThrownBy(() -> verifier.verifyAtLeastOnce(output(A1, A2, A3, A2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("its last result has count 2, after 3");
    }

    @Test
    void shouldAcceptAnOutputThatBeginsWhereAnotherOneEnds() {
        // Given
        verifier.beginNewOutput().expect("a", new BigDecimal("1"));

        // When, Then
        assertThatCode(() -> verifier.verifyExactlyOnce(output(A4))).doesNotThrowAnyException();
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A3, A4)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a repeat, count 3 has been there already");
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output(A1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a repeat, count 3 has been there already");
        assertThatThrownBy(() -> verifier.verifyExactlyOnce(output()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("key a: its results end at count 3, it has 4 inputs");
    }

    private static Readers.Content<String, String> output(String... values) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ConsumerRecord<>("output", 0, records.size(), "a", value));
        }
        return new Readers.Content<>("output", Map.of(0, records));
    }
}
