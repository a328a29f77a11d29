package dev.cairn.api;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Reads and writes values as JSON, by Jackson. Thread-safe. {@code null} stands for a tombstone in both directions.
 *
 * <p>For a native executable the types are found when it is built, by the processor's type parameters, by its methods that take
 * an {@link InputRecord}, and by its fields: a state such as {@link ValueState}, an {@link Output}, a {@code JsonSerde} or
 * another serde, with all that their types contain. A type that stands nowhere but in a method's body is not found, and needs
 * {@code @RegisterForReflection} of Quarkus.
 *
 * <p>{@link #toString} names the type, or what it was {@link #named}; it is what a checkpoint records as the state's serializer.
 *
 * @param <T> type of the values
 */
public final class JsonSerde<T> implements Serde<T>, Serializer<T>, Deserializer<T> {

    private static final ObjectMapper DEFAULT_MAPPER = JsonMapper.builder()
            .findAndAddModules()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern NAME = Pattern.compile("[!-~]{1,200}");

    private final ObjectMapper mapper;
    private final JavaType type;
    private final String name;

    private JsonSerde(ObjectMapper mapper, JavaType type, String name) {
        this.mapper = mapper;
        this.type = type;
        this.name = name;
    }

    private static <T> JsonSerde<T> of(JavaType type, ObjectMapper mapper) {
        return new JsonSerde<>(mapper, type, type.toCanonical());
    }

    /** For a class or record. */
    public static <T> JsonSerde<T> of(Class<T> type) {
        return of(type, DEFAULT_MAPPER);
    }

    /** For a class or record, with a mapper of one's own. */
    public static <T> JsonSerde<T> of(Class<T> type, ObjectMapper mapper) {
        return of(mapper.constructType(type), mapper);
    }

    /** For a generic type: {@code JsonSerde.of(new TypeReference<List<Order>>() {})}. */
    public static <T> JsonSerde<T> of(TypeReference<T> type) {
        return of(DEFAULT_MAPPER.constructType(type), DEFAULT_MAPPER);
    }

    /**
     * The same under a name of the author's choosing, which a checkpoint records instead of the type's. So the type can be
     * renamed and moved to another package. For values that are stored already, give the name that the type had when they were.
     *
     * @param other printable ASCII characters, at most 200
     * @throws IllegalArgumentException when it has others
     */
    public JsonSerde<T> named(String other) {
        if (!NAME.matcher(other).matches()) {
            throw new IllegalArgumentException(
                    "'" + other + "' cannot name a serde: use printable ASCII characters, at most 200");
        }
        return new JsonSerde<>(mapper, type, other);
    }

    /** @throws SerializationException when Jackson cannot write the value */
    @Override
    public byte[] serialize(String topic, T value) {
        if (value == null) {
            return null;
        }
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new SerializationException("cannot write as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** @throws SerializationException when the bytes are not JSON of this type */
    @Override
    public T deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return mapper.readValue(bytes, type);
        } catch (IOException e) {
            // Jackson's own message quotes the value, which may be confidential.
            String where = e instanceof JsonProcessingException problem && problem.getLocation() != null
                    ? ", at line " + problem.getLocation().getLineNr() + ", column "
                            + problem.getLocation().getColumnNr()
                    : "";
            throw new SerializationException("not JSON of type " + type.toCanonical() + where);
        }
    }

    @Override
    public Serializer<T> serializer() {
        return this;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {}

    @Override
    public String toString() {
        return "json(" + name + ")";
    }
}
