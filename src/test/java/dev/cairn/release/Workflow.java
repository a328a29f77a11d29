package dev.cairn.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** A workflow of continuous integration: its file, and what is in it. */
record Workflow(Path file, JsonNode content) {

    private static final Path DIRECTORY = Path.of(".github", "workflows");

    static List<Workflow> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted().map(Workflow::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Workflow named(String name) {
        return read(DIRECTORY.resolve(name + ".yml"));
    }

    private static Workflow read(Path file) {
        try {
            return new Workflow(file, new YAMLMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    Map<String, JsonNode> jobs() {
        Map<String, JsonNode> jobs = new LinkedHashMap<>();
        content.path("jobs").properties().forEach(job -> jobs.put(job.getKey(), job.getValue()));
        return jobs;
    }

    /** The actions that its steps use. */
    List<String> actions() {
        return ofSteps("uses");
    }

    /** What its steps run. */
    List<String> commands() {
        return ofSteps("run");
    }

    private List<String> ofSteps(String field) {
        List<String> found = new ArrayList<>();
        jobs().values().forEach(job -> job.path("steps").forEach(step -> {
            if (step.has(field)) {
                found.add(step.get(field).asText());
            }
        }));
        return found;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
