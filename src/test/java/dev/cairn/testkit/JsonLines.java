package dev.cairn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A file with one JSON value in each line; blank lines do not count. */
public final class JsonLines {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final JsonPointer key;

    /**
     * Names the file; nothing is read yet.
     *
     * @param key where each line has the text or number that keys its record, such as {@code /origin}
     */
    public JsonLines(Path file, JsonPointer key) {
        this.file = file;
        this.key = key;
    }

    /** Takes lines in their order. */
    @FunctionalInterface
    public interface Visitor {
        /** Handles a line. @throws InterruptedException to read no further */
        void visit(Line line) throws InterruptedException;
    }

    /**
     * A line.
     *
     * @param file where it is from
     * @param number its number in the file, from 1
     * @param key its key
     * @param text what the file says
     * @param json what that means
     */
    public record Line(Path file, long number, String key, String text, JsonNode json) {

        /** The number at a pointer. @throws BadInputException when there is none */
        public JsonNode number(JsonPointer pointer) {
            JsonNode found = json.at(pointer);
            if (!found.isNumber()) {
                throw new BadInputException(
                        "line " + number + " of " + file + " has no number at " + pointer + ": " + text);
            }
            return found;
        }
    }

    /** Reads the file once. @throws BadInputException that names the line which cannot be used */
    public void forEach(Visitor visitor) throws InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file.toAbsolutePath().normalize() + " is not a file");
        }
        long number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                if (!text.isBlank()) {
                    visitor.visit(parse(number, text));
                }
            }
        } catch (MalformedInputException e) {
            throw new BadInputException(file + " is not UTF-8 after line " + number, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Line parse(long number, String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    "line " + number + " of " + file + " is not JSON (" + e.getOriginalMessage() + "): " + text, e);
        }
        JsonNode found = json.at(key);
        if (!found.isValueNode() || found.isNull()) {
            throw new BadInputException("line " + number + " of " + file + " has no key at " + key + ": " + text);
        }
        return new Line(file, number, found.asText(), text, json);
    }

    /** A file that cannot be used as it is. */
    public static final class BadInputException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BadInputException(String message) {
            super(message);
        }

        BadInputException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
