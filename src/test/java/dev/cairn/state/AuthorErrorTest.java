package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletionException;

import com.example.Orders;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.Test;

class AuthorErrorTest {

    @Test
    void shouldNameTheAuthorsLineButNotWhatItSays() {
        Throwable error = catchThrowable(() -> Orders.fail("anna"));

        assertThat(AuthorError.describe(error))
                .startsWith("java.lang.IllegalArgumentException at com.example.Orders.fail(Orders.java:")
                .doesNotContain("anna");
    }

    @Test
    void shouldNameTheAuthorsLineBelowTheJdks() {
        Throwable error = catchThrowable(() -> Orders.LOSING.serialize("topic", null));

        assertThat(AuthorError.describe(error))
                .startsWith("java.lang.NullPointerException at com.example.Orders.")
                .contains("(Orders.java:");
    }

    @Test
    void shouldNameTheCauseOfAWrapping() {
        Throwable error = new CompletionException("of anna", catchThrowable(() -> Orders.fail("anna")));
        error.setStackTrace(new StackTraceElement[] {new StackTraceElement("com.example.Pool", "run", "Pool.java", 7)});

        assertThat(AuthorError.describe(error))
                .startsWith("java.util.concurrent.CompletionException at com.example.Pool.run(Pool.java:7), caused by"
                        + " java.lang.IllegalArgumentException at com.example.Orders.fail(Orders.java:")
                .doesNotContain("anna");
    }

    @Test
    void shouldShowTheSentenceOfKafkasSerdes() {
        Throwable error = catchThrowable(() -> new LongDeserializer().deserialize("topic", new byte[3]));

        assertThat(AuthorError.describe(error)).startsWith("Size of data received by LongDeserializer is not 8");
    }

    @Test
    void shouldShowCairnsSentenceWithTheLineThatProvokedIt() {
        Throwable error = new IllegalStateException("the state has no key");
        error.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("dev.cairn.state.KeyedState", "requireKey", "KeyedState.java", 1),
            new StackTraceElement("com.example.Orders", "process", "Orders.java", 17)
        });

        assertThat(AuthorError.describe(error))
                .isEqualTo("the state has no key (at com.example.Orders.process(Orders.java:17))");
    }

    @Test
    void shouldNotShowTheMessageOfAKafkaExceptionThatAStrangerThrows() {
        Throwable error = new org.apache.kafka.common.errors.SerializationException("cannot read anna");
        error.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("com.example.Serde", "read", "Serde.java", 3)});

        assertThat(AuthorError.describe(error))
                .isEqualTo(
                        "org.apache.kafka.common.errors.SerializationException at com.example.Serde.read(Serde.java:3)");
    }

    @Test
    void shouldManageWithoutAStackTraceAndWithCausesInARing() {
        Throwable error = new IllegalStateException("of anna");
        error.setStackTrace(new StackTraceElement[0]);
        Throwable other = new IllegalStateException("of bert", error);
        error.initCause(other);

        assertThat(AuthorError.classAndLine(error)).isEqualTo("java.lang.IllegalStateException");
        assertThat(AuthorError.describe(error)).doesNotContain("anna");
    }
}
