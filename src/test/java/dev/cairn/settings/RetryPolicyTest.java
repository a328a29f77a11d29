package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final class Unavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    @Test
    void shouldCoverSubclassesAndCauses() {
        // Given
        RetryPolicy policy = policy("java.io.IOException");

        // Then
        assertThat(policy.covers(new ConnectException())).isTrue();
        assertThat(policy.covers(new IllegalStateException(new RuntimeException(new ConnectException()))))
                .isTrue();
        assertThat(policy.covers(new IllegalStateException())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.cairn.settings.RetryPolicyTest.Unavailable",
                "dev.cairn.settings.RetryPolicyTest$Unavailable"
            })
    void shouldCoverNestedClassHoweverItIsWritten(String name) {
        // Given
        RetryPolicy policy = JobSettings.of(Configurations.with("cairn.errors.retry.exceptions", name))
                .retries();

        // Then
        assertThat(policy.covers(new Unavailable())).isTrue();
    }

    @Test
    void shouldDoubleThePauseUpToTheLongest() {
        // Given
        RetryPolicy policy = new RetryPolicy(Set.of(), 100, Duration.ofSeconds(1), Duration.ofSeconds(10));

        // Then
        assertThat(policy.pause(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.pause(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.pause(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.pause(5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.pause(1_000_000)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"IOException", "java.io.IOException;", "java..IOException", "java.io.IO-Exception", "1.a"})
    void shouldRefuseWhatIsNoFullNameOfClass(String name) {
        assertThatThrownBy(() -> JobSettings.of(Configurations.with("cairn.errors.retry.exceptions", name))
                        .retries())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is not the full name of a class");
    }

    private static RetryPolicy policy(String name) {
        return new RetryPolicy(Set.of(name), 1, Duration.ofMillis(1), Duration.ofMillis(1));
    }
}
