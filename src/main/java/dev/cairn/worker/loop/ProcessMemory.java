package dev.cairn.worker.loop;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process may use.
 *
 * @param bytes the limit, or else all of the machine's memory
 * @param isLimited whether a container's limit says so; without one, the machine is shared with whatever else runs there
 */
public record ProcessMemory(long bytes, boolean isLimited) {

    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB");
    private static final long KIB = 1024;

    /** As of now. */
    public static ProcessMemory find() {
        long bytes =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                        ? machine.getTotalMemorySize()
                        : 2 * Runtime.getRuntime().maxMemory();
        return of(bytes, machineInfo());
    }

    /** @param machine what Linux says of the whole machine; empty elsewhere, where there are no containers */
    static ProcessMemory of(long bytes, String machine) {
        Matcher total = TOTAL.matcher(machine);
        return new ProcessMemory(bytes, total.find() && bytes < Long.parseLong(total.group(1)) * KIB);
    }

    private static String machineInfo() {
        try {
            return Files.readString(MACHINE);
        } catch (IOException e) {
            return "";
        }
    }
}
