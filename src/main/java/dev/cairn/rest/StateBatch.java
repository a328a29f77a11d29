package dev.cairn.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Keys that are asked for together.
 *
 * @param keys the keys
 * @param encoding how they are written: {@code text}, the default, or {@code base64}
 */
public record StateBatch(List<String> keys, String encoding) {

    static final int MAX_KEYS = 1_000;

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_TOKENS = MAX_KEYS + 100;
    private static final int CHUNK = 8 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final JsonMapper JSON = CairnJson.bounded(MAX_TOKENS);

    /** Reads one that is not too much. @throws io.quarkiverse.resteasy.problem.HttpProblem where it is, or is none */
    static StateBatch read(InputStream body) {
        StateBatch batch;
        try {
            batch = JSON.readValue(bytes(body), StateBatch.class);
        } catch (JsonProcessingException e) {
            if (e instanceof StreamConstraintsException || e.getCause() instanceof StreamConstraintsException) {
                throw tooMany("more than " + MAX_KEYS);
            }
            throw Problems.wrong("the body does not have the shape that is expected: send {\"keys\":[\"a\",\"b\"]}");
        } catch (IOException e) {
            throw Problems.wrong("the body did not arrive as a whole. Send it again");
        }
        if (batch == null
                || batch.keys() == null
                || batch.keys().isEmpty()
                || batch.keys().contains(null)) {
            throw Problems.wrong("there are no keys: send {\"keys\":[\"a\",\"b\"]}");
        }
        if (batch.keys().size() > MAX_KEYS) {
            throw tooMany(Integer.toString(batch.keys().size()));
        }
        return batch;
    }

    private static byte[] bytes(InputStream body) throws IOException {
        long began = System.nanoTime();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
            bytes.write(chunk, 0, read);
            if (bytes.size() > MAX_BYTES) {
                throw Problems.wrong("the body is larger than 1 MB: ask for fewer keys at a time");
            }
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw Problems.wrong("the body has not arrived within " + LIMIT.toSeconds() + " s. Send it at once");
            }
        }
        return bytes.toByteArray();
    }

    private static RuntimeException tooMany(String count) {
        return Problems.wrong(count + " keys are too many: ask for " + MAX_KEYS + " at a time");
    }
}
