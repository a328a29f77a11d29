package dev.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

class VersionedSerdeTest {

    private static final VersionedSerde<String> SECOND =
            VersionedSerde.of("count", 2, Serdes.String()).from(1, Serdes.Long(), String::valueOf);

    @Test
    void shouldWriteTheVersionInFrontOfTheValue() {
        // When
        byte[] written = SECOND.serialize("", "seven");

        // Then: the format of checkpoints does not change
        assertThat(written)
                .startsWith((byte) 0xFF, (byte) 'v', (byte) 'e', (byte) 'r', (byte) 0, (byte) 0, (byte) 0, (byte) 2)
                .endsWith("seven".getBytes(StandardCharsets.UTF_8))
                .hasSize(VersionedSerde.HEADER_BYTES + 5);
        assertThat(VersionedSerde.versionOf(written)).hasValue(2);
        assertThat(SECOND.deserialize("", written)).isEqualTo("seven");
        assertThat(SECOND).hasToString("versioned(count)");
    }

    @Test
    void shouldMigrateOlderVersions() {
        // Given
        VersionedSerde<Long> first = VersionedSerde.of("count", 1, Serdes.Long());

        // Then
        assertThat(SECOND.deserialize("", first.serialize("", 7L))).isEqualTo("7");
        assertThat(SECOND.readable()).containsOnlyKeys(1, 2);
    }

    @Test
    void shouldReadValuesWithoutAVersionIfItMay() {
        // Given
        byte[] without = Serdes.Long().serializer().serialize("", 0xFF76657200000002L);
        VersionedSerde<String> adopting =
                SECOND.from(VersionedSerde.WITHOUT_VERSION, Serdes.Short(), number -> "short " + number);

        // Then
        assertThat(adopting.deserialize("", new byte[] {0, 7})).isEqualTo("short 7");
        assertThat(VersionedSerde.versionOf(without)).hasValue(2);
        assertThat(VersionedSerde.versionOf(new byte[7])).isEmpty();
        assertThat(VersionedSerde.versionOf(new byte[9])).isEmpty();
    }

    @Test
    void shouldPassNullOn() {
        assertThat(SECOND.serialize("", null)).isNull();
        assertThat(SECOND.deserialize("", null)).isNull();
    }

    @Test
    void shouldRefuseOtherBytes() {
        // Given
        VersionedSerde<String> third = VersionedSerde.of("count", 3, Serdes.String());

        // Then
        assertThatThrownBy(() -> SECOND.deserialize("", third.serialize("", "x")))
                .isInstanceOf(SerializationException.class)
                .hasMessage("versioned(count) of version 2 does not read version 3");
        assertThatThrownBy(() -> SECOND.deserialize("", new byte[20]))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the value was not written by versioned(count)");
    }

    @Test
    void shouldRefuseWhatContradictsItself() {
        assertThatThrownBy(() -> VersionedSerde.of("a name", 1, Serdes.String()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VersionedSerde.of("count", 0, Serdes.String()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SECOND.from(1, Serdes.String(), text -> text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("told twice how to migrate from version 1");
        assertThatThrownBy(() -> SECOND.from(2, Serdes.String(), text -> text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot migrate from 2");
        assertThatThrownBy(() -> SECOND.from(-1, Serdes.String(), text -> text))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonSerde.of(String.class).named("two words"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
