package dev.cairn.processors;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/**
 * Reads the number at one place of JSON documents, without building a tree of them. The rest of a document is only checked
 * to be JSON. Where a name occurs twice in an object, the first one counts.
 */
final class JsonNumberReader {

    /**
     * Far below Jackson's limit for reading a number, so that the sum of any number of these, written as JSON, can be read
     * again.
     */
    static final int MAX_DIGITS = 500;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(MAX_DIGITS).build())
            .build();

    private final JsonPointer pointer;

    /** Reads at this place. */
    JsonNumberReader(JsonPointer pointer) {
        this.pointer = pointer;
    }

    /**
     * The number: a {@link Long} or {@link java.math.BigInteger} where it is written without fraction and exponent, else a
     * {@link Double}.
     *
     * @throws NoNumberException when there is none
     */
    Number read(byte[] json) {
        if (json == null) {
            throw noNumber("the record has no value");
        }
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() == null) {
                throw noNumber("the value is empty");
            }
            descend(parser);
            Number number = number(parser);
            requireEnd(parser);
            return number;
        } catch (StreamConstraintsException e) {
            throw noNumber("the value exceeds a limit: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw noNumber("the value is not JSON from byte " + e.getLocation().getByteOffset() + " on");
        } catch (IOException e) {
            throw noNumber("the value is not JSON");
        }
    }

    private void descend(JsonParser parser) throws IOException {
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            boolean found =
                    switch (parser.currentToken()) {
                        case START_OBJECT -> enterObject(parser, rest);
                        case START_ARRAY -> enterArray(parser, rest.getMatchingIndex());
                        default -> false;
                    };
            if (!found) {
                requireEnd(parser);
                throw noNumber("the value has nothing there");
            }
        }
    }

    private static boolean enterObject(JsonParser parser, JsonPointer pointer) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (pointer.matchesProperty(name)) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean enterArray(JsonParser parser, int index) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == index) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private Number number(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> Numbers.canonical(parser.getNumberValue());
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
            case VALUE_STRING -> throw noNumber("there is a string");
            case VALUE_NULL -> throw noNumber("there is null");
            case VALUE_TRUE, VALUE_FALSE -> throw noNumber("there is a boolean");
            case START_OBJECT -> throw noNumber("there is an object");
            case START_ARRAY -> throw noNumber("there is an array");
            default -> throw noNumber("there is something else");
        };
    }

    private Double finite(double value) {
        if (!Double.isFinite(value)) {
            throw noNumber("the one there is too large for a double");
        }
        return value;
    }

    private void requireEnd(JsonParser parser) throws IOException {
        while (!parser.getParsingContext().inRoot()) {
            parser.nextToken();
        }
        if (parser.nextToken() != null) {
            throw noNumber("the value continues after its JSON");
        }
    }

    private NoNumberException noNumber(String why) {
        return new NoNumberException(pointer.toString(), why);
    }
}
