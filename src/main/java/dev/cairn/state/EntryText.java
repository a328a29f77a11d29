package dev.cairn.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import org.apache.kafka.common.serialization.BooleanSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;

import dev.cairn.api.OrderedSerdes;

/**
 * The keys of entries as people write them: as a {@link Decoder} shows them. Any may also be {@code {"base64":"..."}}, and
 * what has no other text has that one. Thread-safe.
 */
public final class EntryText {

    private static final Pattern BASE64 = Pattern.compile("\\s*\\{\\s*\"base64\"\\s*:\\s*\"([^\"]*)\"\\s*}\\s*");

    private static final Map<String, Writer> WRITERS = List.of(
                    Writer.of(new StringSerializer(), text -> text),
                    Writer.of(new LongSerializer(), Long::valueOf),
                    Writer.of(new IntegerSerializer(), Integer::valueOf),
                    Writer.of(new ShortSerializer(), Short::valueOf),
                    Writer.of(new DoubleSerializer(), Double::valueOf),
                    Writer.of(new FloatSerializer(), Float::valueOf),
                    Writer.of(new UUIDSerializer(), UUID::fromString),
                    Writer.of(new BooleanSerializer(), Boolean::valueOf),
                    Writer.of(OrderedSerdes.longs(), Long::valueOf),
                    Writer.of(OrderedSerdes.ints(), Integer::valueOf),
                    Writer.of(OrderedSerdes.doubles(), Double::valueOf),
                    Writer.of(OrderedSerdes.instants(), Instant::parse))
            .stream()
            .collect(Collectors.toUnmodifiableMap(Writer::name, writer -> writer));

    private final StateDescriptor state;
    private final String serializer;

    private EntryText(StateDescriptor state) {
        this.state = state;
        this.serializer = Decoder.entrySerializer(state);
    }

    /** What makes bytes of a text. */
    private record Writer(String name, Function<String, byte[]> bytes) {

        static <T> Writer of(Serializer<T> serializer, Function<String, T> parse) {
            return new Writer(serializer.getClass().getName(), text -> serializer.serialize(null, parse.apply(text)));
        }

        /** One that names itself. */
        static <T> Writer of(Serde<T> serde, Function<String, T> parse) {
            return new Writer(serde.toString(), text -> serde.serializer().serialize(null, parse.apply(text)));
        }
    }

    /** The keys of a state that has entries. */
    public static EntryText of(StateDescriptor state) {
        return new EntryText(state);
    }

    /**
     * The bytes of a key.
     *
     * @param what names the text, for messages
     * @throws IllegalArgumentException when no key of the state has this text; it does not repeat that
     */
    byte[] bytes(String what, String text) {
        try {
            Matcher base64 = BASE64.matcher(text);
            if (base64.matches()) {
                return Base64.getDecoder().decode(base64.group(1));
            }
            if (Decoder.isJson(serializer)) {
                return json(text);
            }
            Writer writer = WRITERS.get(String.valueOf(serializer));
            if (writer != null) {
                return writer.bytes().apply(text);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // Said below.
        }
        throw new IllegalArgumentException(what + " is no key of the state '" + state.name() + "'"
                + (serializer == null ? "" : ", whose keys are written by " + serializer)
                + ": write it as answers show it, or as {\"base64\":\"...\"}");
    }

    /** The bytes that keys begin with. @throws IllegalArgumentException when keys of the state are not ordered as text */
    byte[] prefix(String text) {
        if (!StringSerializer.class.getName().equals(serializer)
                && !BASE64.matcher(text).matches()) {
            throw new IllegalArgumentException("prefix is for keys that are text, and those of the state '"
                    + state.name() + "' are not: use from and limit, or write it as {\"base64\":\"...\"}");
        }
        return bytes("prefix", text);
    }

    /** A text of which {@link EntrySelection} makes these bytes again. */
    public String text(byte[] key) {
        String shown = Decoder.asText(Decoder.ofEntries(state).decode(key));
        try {
            if (!shown.isBlank() && Arrays.equals(bytes("", shown), key)) {
                return shown;
            }
        } catch (IllegalArgumentException e) {
            // It has no other text.
        }
        return Decoder.base64(key).toString();
    }

    /** JSON, or text that is to be a JSON string. */
    private static byte[] json(String text) {
        try {
            return Decoder.JSON.writeValueAsBytes(Decoder.JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text).toString().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("text in memory can be read", e);
        }
    }
}
