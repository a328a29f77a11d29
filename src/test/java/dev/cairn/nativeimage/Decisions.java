package dev.cairn.nativeimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What was decided for each class whose static initializer asks something of the machine: the reviewed file. */
final class Decisions {

    static final Path FILE = Path.of("src/test/resources/native/initializers.txt");

    /** When a class is initialized. */
    enum Time {
        /** When a process runs; Cairn's own configuration says so. */
        RUN_BY_CAIRN("run time, by Cairn"),
        /** When a process runs; Quarkus or the configuration in a jar says so. */
        RUN_BY_OTHERS("run time, by Quarkus or the library"),
        /** By the builder, on its machine. */
        BUILD("build time: ");

        private final String heading;

        Time(String heading) {
            this.heading = heading;
        }

        private static Time of(String heading) {
            return Arrays.stream(values())
                    .filter(time -> heading.startsWith(time.heading))
                    .filter(time -> time != BUILD || heading.length() > BUILD.heading.length())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            FILE + ": no heading of the file is, or lacks its reason: [" + heading + "]"));
        }
    }

    /** @param asks what the initializer is known to ask */
    record Decision(Time time, Set<MachineAccess> asks) {}

    private Decisions() {}

    /** By the names of classes. */
    static Map<String, Decision> read() throws IOException {
        Map<String, Decision> decisions = new LinkedHashMap<>();
        Time time = null;
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith("[")) {
                time = Time.of(line.substring(1, line.length() - 1));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" ");
                Set<MachineAccess> asks = Arrays.stream(words)
                        .skip(1)
                        .map(MachineAccess::valueOf)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(MachineAccess.class)));
                if (decisions.put(words[0], new Decision(time, asks)) != null) {
                    throw new IllegalStateException(FILE + ": twice there: " + words[0]);
                }
            }
        }
        return decisions;
    }

    /** The line for a class. */
    static String line(String name, Set<MachineAccess> asks) {
        return name + " " + asks.stream().map(Enum::name).collect(Collectors.joining(" "));
    }
}
