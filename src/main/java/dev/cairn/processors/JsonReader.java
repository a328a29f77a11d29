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
 * Reads what is at one place of JSON documents, without building a tree of them. The rest of a document is only checked to be
 * JSON. Where a name occurs twice in an object, the first one counts.
 *
 * @param <T> what it reads there
 */
abstract class JsonReader<T> {

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
    JsonReader(JsonPointer pointer) {
        this.pointer = pointer;
    }

    /** What the parser is at: at the pointer's place. */
    abstract T take(JsonParser parser) throws IOException;

    /**
     * What to throw when there is none.
     *
     * @param why says nothing of the value's content
     */
    abstract RuntimeException none(String pointer, String why);

    /**
     * What is there.
     *
     * @throws RuntimeException that of {@link #none} when there is none
     */
    final T read(byte[] json) {
        if (json == null) {
            throw none("the record has no value");
        }
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() == null) {
                throw none("the value is empty");
            }
            descend(parser);
            T taken = take(parser);
            requireEnd(parser);
            return taken;
        } catch (StreamConstraintsException e) {
            throw none("the value exceeds a limit: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw none("the value is not JSON from byte " + e.getLocation().getByteOffset() + " on");
        } catch (IOException e) {
            throw none("the value is not JSON");
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
                throw none("the value has nothing there");
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

    private void requireEnd(JsonParser parser) throws IOException {
        while (!parser.getParsingContext().inRoot()) {
            parser.nextToken();
        }
        if (parser.nextToken() != null) {
            throw none("the value continues after its JSON");
        }
    }

    /** What to throw when there is none. */
    final RuntimeException none(String why) {
        return none(pointer.toString(), why);
    }
}
