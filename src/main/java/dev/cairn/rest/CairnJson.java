package dev.cairn.rest;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.function.BiFunction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.jackson.JacksonProblemSerializer;

/**
 * JSON as Cairn's REST interface has it. An application that has Cairn as a library sets up Jackson for its own resources;
 * those of Cairn read and write the same everywhere, and refuse a field that they do not know, or that is there twice. Problems are among what they
 * answer, so their serializer is here too.
 */
final class CairnJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    new JsonFactory().setCharacterEscapes(new PrintableEscapes()))
            .addModules(new Jdk8Module(), new JavaTimeModule())
            .addModule(new SimpleModule().addSerializer(HttpProblem.class, new JacksonProblemSerializer()))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private static final ObjectReader ANSWERS =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private CairnJson() {}

    /**
     * Reads the answer of another worker. A newer version may say more than this one knows.
     *
     * @throws IOException when it does not have the type's shape
     */
    static <T> T readAnswer(byte[] json, Class<T> type) throws IOException {
        return ANSWERS.forType(type).readValue(json);
    }

    /** A reader of requests with a limit: each of so few bytes may else be an object of its own. */
    static JsonMapper bounded(int maxTokens) {
        return JsonMapper.builder(JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxTokenCount(maxTokens)
                                .build())
                        .build())
                .build();
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    /** Reads the bodies of requests. Quarkus creates it. */
    public static final class Reader implements BiFunction<ObjectMapper, Type, ObjectReader> {

        @Override
        public ObjectReader apply(ObjectMapper applications, Type type) {
            return MAPPER.readerFor(MAPPER.constructType(type)).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        }
    }

    /** Writes the bodies of answers. Quarkus creates it. */
    public static final class Writer implements BiFunction<ObjectMapper, Type, ObjectWriter> {

        @Override
        public ObjectWriter apply(ObjectMapper applications, Type type) {
            return MAPPER.writer();
        }
    }
}
