package dev.cairn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

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

    /**
     * Reads the file once, line by line, while the stream is consumed, which is for one thread; the caller closes it.
     *
     * @throws BadInputException here or later; it names the line that cannot be used
     */
    public Stream<Line> lines() {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file.toAbsolutePath().normalize() + " is not a file");
        }
        try {
            BufferedReader reader = Files.newBufferedReader(file);
            AtomicLong number = new AtomicLong();
            return Stream.generate(() -> read(reader, number))
                    .takeWhile(Optional::isPresent)
                    .map(text -> new Numbered(number.get(), text.get()))
                    .filter(line -> !line.text().isBlank())
                    .map(line -> parse(line.number(), line.text()))
                    .onClose(() -> close(reader));
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private record Numbered(long number, String text) {}

    private Optional<String> read(BufferedReader reader, AtomicLong number) {
        try {
            Optional<String> text = Optional.ofNullable(reader.readLine());
            number.incrementAndGet();
            return text;
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + " is not UTF-8 after line " + number, e);
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read after line " + number + ": " + e.getMessage(), e);
        }
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

        /** With what is wrong, and where. */
        public BadInputException(String message) {
            super(message);
        }

        BadInputException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
