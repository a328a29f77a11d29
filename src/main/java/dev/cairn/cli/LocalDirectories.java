package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Directories of the local file system. */
final class LocalDirectories {

    private LocalDirectories() {}

    /** The directories in a directory whose names match, in order; none where it is no directory. */
    static List<Path> below(Path directory, String name) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(name) && Files.isDirectory(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CommandException("cannot list " + directory + ": " + e + ". Make it readable", e);
        }
    }
}
