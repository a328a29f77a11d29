package dev.cairn.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionalIdTest {

    private static final TransactionalId ID = new TransactionalId("orders", "worker-1-0", 'a');

    @Test
    @Tag("rule-S1")
    void shouldReadWhatItWrites() {
        assertThat(ID).hasToString("orders/cairn/worker-1-0/a");
        assertThat(TransactionalId.parse(ID.toString())).contains(ID);
        assertThat(TransactionalId.isPresentForm(ID.toString())).isTrue();
        assertThat(ID.toString()).matches(TransactionalId.patternOf("orders"));
    }

    @Test
    @Tag("rule-S1")
    void shouldRecognizeTheFormerForm() {
        String former = "cairn/orders/worker-1-0/a";

        assertThat(TransactionalId.parse(former)).contains(ID);
        assertThat(TransactionalId.isPresentForm(former)).isFalse();
        assertThat(former).matches(TransactionalId.patternOf("orders"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "orders/cairn/worker-1-0", "orders/other/worker-1-0/a", "orders/cairn/worker-1-0/ab"})
    void shouldTakeNoOtherIdForItsOwn(String id) {
        assertThat(TransactionalId.parse(id)).isEmpty();
    }

    @Test
    void shouldNotMatchAnotherJob() {
        assertThat("orders-2/cairn/worker-1-0/a").doesNotMatch(TransactionalId.patternOf("orders"));
        assertThat("cairn/orders-2/worker-1-0/a").doesNotMatch(TransactionalId.patternOf("orders"));
    }
}
