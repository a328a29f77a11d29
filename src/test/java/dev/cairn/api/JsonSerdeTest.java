package dev.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSerdeTest {

    private static final String TOPIC = "orders";

    private final JsonSerde<Order> orders = JsonSerde.of(Order.class);

    record Order(String customerName, long cents) {}

    record Event(Instant at) {}

    record Opaque(Object content) {}

    @Test
    void shouldWriteRecordsAsJson() {
        assertThat(text(orders.serialize(TOPIC, new Order("Ann", 995))))
                .isEqualTo("{\"customerName\":\"Ann\",\"cents\":995}");
    }

    @Test
    void shouldReadWhatItWrote() {
        // Given
        Order order = new Order("Zoë \"\n\u2028 🚀", Long.MIN_VALUE);

        // When
        Order read =
                orders.deserializer().deserialize(TOPIC, orders.serializer().serialize(TOPIC, order));

        // Then
        assertThat(read).isEqualTo(order);
    }

    @Test
    void shouldPassTombstonesThrough() {
        assertThat(orders.serialize(TOPIC, null)).isNull();
        assertThat(orders.deserialize(TOPIC, null)).isNull();
    }

    @Test
    void shouldKeepTheTypesOfAGenericType() {
        // Given
        JsonSerde<List<Order>> lists = JsonSerde.of(new TypeReference<>() {});
        List<Order> list = List.of(new Order("Ann", 1), new Order("Bob", 2));

        // When
        List<Order> read = lists.deserialize(TOPIC, lists.serialize(TOPIC, list));

        // Then
        assertThat(read).isEqualTo(list);
    }

    @Test
    void shouldReadTrees() {
        assertThat(JsonSerde.of(JsonNode.class)
                        .deserialize(TOPIC, bytes("{\"a\":[1]}"))
                        .at("/a/0")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void shouldKnowJavasTimes() {
        // Given
        JsonSerde<Event> events = JsonSerde.of(Event.class);
        Event event = new Event(Instant.parse("2001-01-01T00:47:00.123456789Z"));

        // When
        Event read = events.deserialize(TOPIC, events.serialize(TOPIC, event));

        // Then
        assertThat(read).isEqualTo(event);
    }

    @Test
    void shouldUseTheMapperItIsGiven() {
        // Given
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        JsonSerde<Order> serde = JsonSerde.of(Order.class, mapper);

        // Then
        assertThat(text(serde.serialize(TOPIC, new Order("Ann", 5))))
                .isEqualTo("{\"customer_name\":\"Ann\",\"cents\":5}");
        assertThat(serde.deserialize(TOPIC, bytes("{\"customer_name\":\"Ann\",\"cents\":5,\"new\":true}")))
                .isEqualTo(new Order("Ann", 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "order", "[]", "{\"cents\":\"many\"}", "{\"customerName\":\"Ann\",\"unknown\":1}"})
    void shouldSayWhatItCannotReadWithoutQuotingIt(String json) {
        assertThatThrownBy(() -> orders.deserialize(TOPIC, bytes(json)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("not JSON of type " + Order.class.getName() + ", at line 1, column ")
                .hasMessageNotContainingAny("order", "many", "Ann", "unknown")
                .hasNoCause();
    }

    @Test
    void shouldSayWhatItCannotWrite() {
        assertThatThrownBy(() -> JsonSerde.of(Opaque.class).serialize(TOPIC, new Opaque(new Object())))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("cannot write as JSON: ")
                .hasCauseInstanceOf(JsonProcessingException.class);
    }

    @Test
    void shouldBeNamedByItsType() {
        assertThat(orders).hasToString("json(" + Order.class.getName() + ")");
        assertThat(JsonSerde.of(new TypeReference<List<Long>>() {}))
                .hasToString("json(java.util.List<java.lang.Long>)");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
