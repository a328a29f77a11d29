package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.api.JsonSerde;
import dev.cairn.api.OrderedSerdes;

/** A key of an entry that was shown can be asked for as it was shown. */
class EntryTextTest {

    /** A key of several fields. */
    record Place(String country, int number) {}

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(Serdes.String(), "a/ü+ b%2F?", "a/ü+ b%2F?"),
                Arguments.of(Serdes.String(), "12", "12"),
                Arguments.of(Serdes.String(), "", "{\"base64\":\"\"}"),
                Arguments.of(Serdes.String(), "{\"base64\":\"QQ==\"}", "{\"base64\":\"eyJiYXNlNjQiOiJRUT09In0=\"}"),
                Arguments.of(Serdes.Long(), -5L, "-5"),
                Arguments.of(Serdes.Integer(), 7, "7"),
                Arguments.of(Serdes.Short(), (short) 7, "7"),
                Arguments.of(Serdes.Double(), 1e300, "1.0E+300"),
                Arguments.of(Serdes.Float(), 0.1f, "0.10000000149011612"),
                Arguments.of(Serdes.Boolean(), true, "true"),
                Arguments.of(Serdes.UUID(), new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
                Arguments.of(OrderedSerdes.longs(), Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(OrderedSerdes.ints(), -1, "-1"),
                Arguments.of(OrderedSerdes.doubles(), -0.0, "{\"base64\":\"f/////////8=\"}"),
                Arguments.of(OrderedSerdes.doubles(), Double.NaN, "NaN"),
                Arguments.of(OrderedSerdes.instants(), Instant.ofEpochSecond(-1, 5), "1969-12-31T23:59:59.000000005Z"),
                Arguments.of(JsonSerde.of(Place.class), new Place("FR", 3), "{\"country\":\"FR\",\"number\":3}"),
                Arguments.of(JsonSerde.of(String.class), "Paris", "Paris"),
                Arguments.of(JsonSerde.of(String.class), "12", "{\"base64\":\"IjEyIg==\"}"),
                Arguments.of(
                        Serdes.Bytes(),
                        org.apache.kafka.common.utils.Bytes.wrap(new byte[] {1}),
                        "{\"base64\":\"AQ==\"}"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    <T> void shouldReadWhatItShows(Serde<T> serde, T key, String text) {
        // Given
        EntryText keys = EntryText.of(map(serde));
        byte[] stored = serde.serializer().serialize("", key);

        // When
        String shown = keys.text(stored);

        // Then
        assertThat(shown).isEqualTo(text);
        assertThat(keys.bytes("entry", shown)).isEqualTo(stored);
    }

    @Test
    void shouldShowAnyBytes() {
        EntryText keys = EntryText.of(map(OrderedSerdes.longs()));
        assertThat(keys.text(new byte[] {1, 2})).isEqualTo("{\"base64\":\"AQI=\"}");
        assertThat(keys.bytes("entry", " {\"base64\" : \"AQI=\"} ")).containsExactly(1, 2);
        assertThat(EntryText.of(new StateDescriptor("later", "tree", "x", 1)).text(new byte[] {1}))
                .isEqualTo("{\"base64\":\"AQ==\"}");
    }

    @Test
    void shouldSayWhatIsNoKeyWithoutRepeatingIt() {
        EntryText numbers = EntryText.of(map(OrderedSerdes.longs()));
        assertThatThrownBy(() -> numbers.bytes("from", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from is no key of the state 'map', whose keys are written by ordered(long)")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> numbers.bytes("from", "{\"base64\":\"%\"}")).hasMessageContaining("no key");
        assertThatThrownBy(() -> numbers.prefix("1")).hasMessageContaining("prefix is for keys that are text");
        assertThat(numbers.prefix("{\"base64\":\"AA==\"}")).containsExactly(0);
        assertThat(EntryText.of(map(Serdes.String())).prefix("é")).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
        Map.of("1", 1L, "0", 0L)
                .forEach((text, number) -> assertThat(EntryText.of(new StateDescriptor("list", "list", "x", 1))
                                .bytes("entry", text))
                        .isEqualTo(Serdes.Long().serializer().serialize("", number)));
    }

    private static StateDescriptor map(Serde<?> keys) {
        String name = keys.toString();
        return new StateDescriptor(
                "map", "map", name.contains("@") ? keys.serializer().getClass().getName() : name, "x", 1);
    }
}
