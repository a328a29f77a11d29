package dev.cairn.cli;

import java.io.PrintWriter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import picocli.CommandLine.Option;

import dev.cairn.storage.Printable;

/** For whom a command prints. */
final class OutputOption {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writerWithDefaultPrettyPrinter();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people, json for scripts; default: text.")
    private Format format;

    /** How a command prints. */
    enum Format {
        TEXT,
        JSON
    }

    /** Whether people read it. */
    boolean isForPeople() {
        return format == Format.TEXT;
    }

    /** Prints a result: the value as JSON, or the text; what could act on a terminal is escaped in both. */
    void print(PrintWriter out, Object value, String text) {
        if (format == Format.JSON) {
            try {
                out.println(Printable.lines(JSON.writeValueAsString(value)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("results are plain data", e);
            }
        } else {
            out.println(Printable.lines(text));
        }
        out.flush();
    }
}
