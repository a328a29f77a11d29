package dev.cairn.demo;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The job that the demo runs. Each kind of input has one of its own, with its own topics, so that people can go from one to
 * the other and back.
 *
 * @param name of the job, and the start of its topics' names
 * @param valuePointer where each value has the number to aggregate
 */
record DemoJob(String name, String valuePointer) {

    static DemoJob of(DemoSettings settings) {
        return settings.file()
                .map(file -> new DemoJob(
                        Stream.of("demo", stem(file.path()), file.key(), file.value())
                                .map(part -> part.toString().replaceAll("[^A-Za-z0-9]+", "-"))
                                .collect(Collectors.joining("-"))
                                .replaceAll("-+", "-"),
                        file.value().toString()))
                .orElse(new DemoJob("demo", "/amount"));
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceAll("\\.[^.]*$", "");
    }

    String inputTopic() {
        return name + "-input";
    }

    String outputTopic() {
        return name + "-output";
    }

    String deadLetterTopic() {
        return name + "-dead-letter";
    }
}
