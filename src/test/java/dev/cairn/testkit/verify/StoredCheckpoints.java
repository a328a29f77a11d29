package dev.cairn.testkit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cairn.testkit.store.LiveFiles;

/**
 * The checkpoints of a partition as they are in a {@code file:} store, read without the code that is tested: {@code
 * _metadata} is JSON, and whatever has a path, a size and a CRC32C in it is an object.
 */
final class StoredCheckpoints {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String METADATA = "_metadata";
    private static final String COMMITTED = "_committed";

    private final Path directory;

    /** @param directory of the partition */
    StoredCheckpoints(Path directory) {
        this.directory = directory;
    }

    /** The {@code _metadata} of all checkpoints that are there, by number. */
    Map<Long, JsonNode> all() {
        Map<Long, JsonNode> all = new TreeMap<>();
        for (String path : paths()) {
            if (path.endsWith("/" + METADATA)) {
                long number = Long.parseLong(path.substring("chk-".length(), path.indexOf('/')));
                all.put(number, read(path));
            }
        }
        return all;
    }

    /** Everything that is there, relative to the directory. */
    Set<String> paths() {
        if (!Files.exists(directory)) {
            return Set.of();
        }
        try {
            return LiveFiles.below(directory).stream()
                    .map(file -> directory.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** What is there without being part of a checkpoint. */
    Set<String> orphans() {
        Set<String> orphans = new TreeSet<>(paths());
        all().forEach((number, metadata) -> {
            orphans.removeAll(objectsOf(metadata).keySet());
            orphans.remove("chk-" + number + "/" + METADATA);
            orphans.remove("chk-" + number + "/" + COMMITTED);
        });
        return orphans;
    }

    /** Every object of a checkpoint is there, with the size and the CRC32C that are recorded. */
    void assertWhole(JsonNode metadata) {
        objectsOf(metadata).forEach((path, object) -> {
            byte[] content = content(path);
            assertThat(content.length)
                    .as("size of %s", directory.resolve(path))
                    .isEqualTo(object.get("size").asInt());
            assertThat(crc32c(content))
                    .as("CRC32C of %s", directory.resolve(path))
                    .isEqualTo(object.get("crc32c").asText());
        });
    }

    private Map<String, JsonNode> objectsOf(JsonNode metadata) {
        Map<String, JsonNode> objects = new LinkedHashMap<>();
        collect(metadata, objects);
        JsonNode base = metadata.at("/base/description/path");
        if (!base.isMissingNode()) {
            collect(read(base.asText()), objects);
        }
        return objects;
    }

    private static void collect(JsonNode node, Map<String, JsonNode> objects) {
        if (node.has("path") && node.has("size") && node.has("crc32c")) {
            objects.put(node.get("path").asText(), node);
        }
        node.forEach(child -> collect(child, objects));
    }

    private JsonNode read(String path) {
        try {
            return MAPPER.readTree(content(path));
        } catch (IOException e) {
            throw new AssertionError(directory.resolve(path) + " is no JSON: " + e.getMessage(), e);
        }
    }

    private byte[] content(String path) {
        try {
            return Files.readAllBytes(directory.resolve(path));
        } catch (IOException e) {
            throw new AssertionError(directory.resolve(path) + " cannot be read, and a checkpoint needs it: " + e, e);
        }
    }

    private static String crc32c(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
