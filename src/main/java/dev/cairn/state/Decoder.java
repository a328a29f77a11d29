package dev.cairn.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.BooleanDeserializer;
import org.apache.kafka.common.serialization.BooleanSerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatDeserializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.ShortDeserializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDDeserializer;
import org.apache.kafka.common.serialization.UUIDSerializer;

import dev.cairn.api.OrderedSerdes;

/**
 * Makes JSON of stored bytes, without the classes of the processor. It never fails: what it cannot decode is {@code
 * {"base64":"..."}}.
 */
public final class Decoder {

    /** Numbers stay what they are, digit by digit. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** How a {@link dev.cairn.api.JsonSerde} names itself. */
    private static final String JSON_SERDE = "json(";

    private static final Set<String> OTHER_JSON = Set.of(
            "io.quarkus.kafka.client.serialization.ObjectMapperSerializer",
            "io.quarkus.kafka.client.serialization.JsonbSerializer",
            "io.quarkus.kafka.client.serialization.JsonObjectSerializer",
            "io.quarkus.kafka.client.serialization.JsonArraySerializer");

    private static final Map<String, Deserializer<?>> SCALARS = Map.of(
            LongSerializer.class.getName(), new LongDeserializer(),
            IntegerSerializer.class.getName(), new IntegerDeserializer(),
            ShortSerializer.class.getName(), new ShortDeserializer(),
            DoubleSerializer.class.getName(), new DoubleDeserializer(),
            FloatSerializer.class.getName(), new FloatDeserializer(),
            UUIDSerializer.class.getName(), new UUIDDeserializer(),
            BooleanSerializer.class.getName(), new BooleanDeserializer());

    /** By how they name themselves. */
    private static final Map<String, Deserializer<?>> ORDERED = Map.of(
            OrderedSerdes.longs().toString(), OrderedSerdes.longs().deserializer(),
            OrderedSerdes.ints().toString(), OrderedSerdes.ints().deserializer(),
            OrderedSerdes.doubles().toString(), OrderedSerdes.doubles().deserializer(),
            OrderedSerdes.instants().toString(), (Deserializer<String>) Decoder::instant);

    private final Format format;

    private Decoder(Format format) {
        this.format = format;
    }

    /** What bytes may be. */
    @FunctionalInterface
    private interface Format {

        JsonNode read(byte[] bytes) throws IOException;
    }

    /** For record keys: text where they are text. */
    public static Decoder ofKeys() {
        return new Decoder(Decoder::printable);
    }

    /** For the values of a state. */
    public static Decoder ofValues(StateDescriptor state) {
        if (StoredValue.isPlain(state)) {
            return of(state.serializer());
        }
        return new Decoder(stored -> {
            StoredValue value = StoredValue.of(state, stored);
            return of(value.serializer()).format.read(value.bytes());
        });
    }

    /** For what tells entries of a record key apart: the keys in a map, the numbers in a list. */
    public static Decoder ofEntries(StateDescriptor state) {
        return of(entrySerializer(state));
    }

    /** Names what writes the keys of entries; {@code null} where that is not known. */
    static String entrySerializer(StateDescriptor state) {
        return StateKind.LIST.isOf(state) ? LongSerializer.class.getName() : state.keySerializer();
    }

    /** Whether a serializer writes JSON. */
    static boolean isJson(String serializer) {
        return serializer != null && (serializer.startsWith(JSON_SERDE) || OTHER_JSON.contains(serializer));
    }

    private static Decoder of(String serializer) {
        if (serializer == null) {
            return new Decoder(Decoder::base64);
        }
        if (isJson(serializer)) {
            return new Decoder(Decoder::json);
        }
        if (serializer.equals(StringSerializer.class.getName())) {
            return new Decoder(bytes -> JsonNodeFactory.instance.textNode(text(bytes)));
        }
        Deserializer<?> scalar = SCALARS.getOrDefault(serializer, ORDERED.get(serializer));
        return new Decoder(
                scalar == null ? Decoder::base64 : bytes -> JSON.valueToTree(scalar.deserialize(null, bytes)));
    }

    /** What the bytes are. Thread-safe. */
    public JsonNode decode(byte[] bytes) {
        try {
            return format.read(bytes);
        } catch (IOException | SerializationException | IllegalArgumentException | DateTimeException e) {
            return base64(bytes);
        }
    }

    /** What was decoded, as text: texts and numbers as they are, the rest as JSON. */
    public static String asText(JsonNode decoded) {
        return decoded.isValueNode() ? decoded.asText() : decoded.toString();
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        JsonNode tree = JSON.readTree(bytes);
        return tree.isMissingNode() ? base64(bytes) : tree;
    }

    private static JsonNode printable(byte[] bytes) throws CharacterCodingException {
        String text = text(bytes);
        return text.codePoints().anyMatch(Character::isISOControl)
                ? base64(bytes)
                : JsonNodeFactory.instance.textNode(text);
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String instant(String topic, byte[] bytes) {
        return OrderedSerdes.instants().deserializer().deserialize(topic, bytes).toString();
    }

    static JsonNode base64(byte[] bytes) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("base64", Base64.getEncoder().encodeToString(bytes));
    }
}
