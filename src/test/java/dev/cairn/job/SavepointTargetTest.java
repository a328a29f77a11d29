package dev.cairn.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavepointTargetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://savepoints",
                "s3://savepoints/of/orders",
                "/var/savepoints",
                "file:/var/savepoints",
                "file:///var/savepoints",
                "/var/..hidden/a..b"
            })
    void shouldTakeWhatIsTheSameForEveryWorker(String directory) {
        assertThat(SavepointTarget.checked(directory)).isEqualTo(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "../../etc",
                "savepoints",
                "./savepoints",
                "/var/savepoints/../../etc",
                "/var/savepoints/..",
                "/var/..\\..\\etc",
                "/var/save\\points",
                "s3://savepoints/a\\b",
                "s3://savepoints/../other",
                "s3://..",
                "s3:savepoints",
                "file:savepoints",
                "file://host/savepoints",
                "//host/savepoints",
                "http://host/savepoints",
                "/var/save\npoints"
            })
    void shouldRefuseWhatLeadsElsewhere(String directory) {
        assertThatThrownBy(() -> SavepointTarget.checked(directory))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("cannot be the directory of a savepoint")
                .hasMessageContaining("Correct it")
                .hasMessageNotContaining("\n");
    }
}
