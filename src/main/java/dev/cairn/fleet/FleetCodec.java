package dev.cairn.fleet;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Commands and events as JSON. Times are epoch milliseconds, durations milliseconds. What a later version adds is left
 * out; what a person writes by hand needs only {@code kind} and gets the rest from its record.
 */
final class FleetCodec {

    private static final int VERSION = 1;
    private static final String SIGNATURE = "signature";

    /** Far beyond any time, duration or size. A sum of some is a {@code long} still. */
    private static final double MAX_NUMBER = 1L << 53;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .disable(
                    DeserializationFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private record Envelope(int version, FleetEvent event) {}

    private FleetCodec() {}

    /** The same text for the same command, with whatever it says in one line. */
    static String encode(Command command) {
        return json(command).toString();
    }

    static String encode(Command command, Optional<String> signature) {
        ObjectNode json = json(command);
        signature.ifPresent(text -> json.put(SIGNATURE, text));
        return json.toString();
    }

    private static ObjectNode json(Command command) {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", VERSION);
        json.put("id", command.id());
        json.put("kind", command.kind().text());
        json.put("at", command.at().toEpochMilli());
        command.by().ifPresent(by -> json.put("by", by));
        command.target().ifPresent(target -> json.put("target", target));
        return json;
    }

    /**
     * Reads a command.
     *
     * @param position where its record is; the id of a command that has none
     * @param writtenAt when its record was written; the time of a command that has none
     */
    static Command decodeCommand(String text, String position, Instant writtenAt) throws MalformedMessageException {
        JsonNode json = tree(text);
        requireVersion(json.path("version").asInt(VERSION));
        CommandKind kind = CommandKind.of(json.path("kind").asText())
                .orElseThrow(() -> new MalformedMessageException("it has no kind that is known"));
        return new Command(
                json.path("id").asText(position),
                kind,
                json.path("at").isIntegralNumber()
                        ? Instant.ofEpochMilli(json.path("at").asLong())
                        : writtenAt,
                Optional.ofNullable(json.path("by").asText(null)),
                Optional.ofNullable(json.path("target").asText(null)));
    }

    /** What a command is signed with; nothing where it is not. */
    static Optional<String> signature(String text) throws MalformedMessageException {
        return Optional.ofNullable(tree(text).path(SIGNATURE).asText(null));
    }

    static String encode(FleetEvent event) {
        try {
            return JSON.writeValueAsString(new Envelope(VERSION, event));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + event, e);
        }
    }

    static FleetEvent decodeEvent(String text) throws MalformedMessageException {
        JsonNode json = tree(text);
        requireVersion(json.path("version").asInt());
        try {
            Envelope envelope = JSON.treeToValue(json, Envelope.class);
            if (envelope.event() == null) {
                throw new MalformedMessageException("it has no event");
            }
            requireWhole(JSON.valueToTree(envelope.event()));
            return envelope.event();
        } catch (InvalidTypeIdException e) {
            throw new MalformedMessageException("its type '" + e.getTypeId() + "' is not known to this worker", e);
        } catch (JsonProcessingException e) {
            throw new MalformedMessageException("it is no event: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("it has a time that cannot be", e);
        }
    }

    /** The code that shows an event relies on every field, and calculates with its numbers. */
    private static void requireWhole(JsonNode json) throws MalformedMessageException {
        if (json.isNull()) {
            throw new MalformedMessageException("a field of it is missing");
        }
        if (json.isNumber() && !(Math.abs(json.asDouble()) <= MAX_NUMBER)) {
            throw new MalformedMessageException("a number in it cannot be");
        }
        for (JsonNode part : json) {
            requireWhole(part);
        }
    }

    private static JsonNode tree(String text) throws MalformedMessageException {
        try {
            JsonNode json = text == null ? JSON.missingNode() : JSON.readTree(text);
            if (!json.isObject()) {
                throw new MalformedMessageException("it is no JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new MalformedMessageException("it is no JSON", e);
        }
    }

    private static void requireVersion(int version) throws MalformedMessageException {
        if (version != VERSION) {
            throw new MalformedMessageException("its version is " + version + ", but this worker knows " + VERSION);
        }
    }
}
