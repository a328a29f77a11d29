package dev.cairn.testkit.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the test classes that took longest, from the reports that Surefire and Failsafe have written. Maven runs this source
 * file by itself, after the integration tests: so it uses nothing but the JDK, and ends well whatever it finds.
 *
 * <p>Arguments: the build's start, such as {@code 2026-11-30T12:00:00Z}, then directories of reports. Reports from before that
 * are of other runs.
 */
public final class LongestTests {

    private static final int MAX_CLASSES = 10;

    private LongestTests() {}

    public static void main(String[] arguments) {
        try {
            List<Path> directories =
                    List.of(arguments).stream().skip(1).map(Path::of).toList();
            lines(Instant.parse(arguments[0]), directories).forEach(System.out::println);
        } catch (IOException | XMLStreamException | RuntimeException e) {
            System.out.println("cannot tell which test classes took longest: " + e);
        }
    }

    /** What to print: nothing where no test ran. */
    static List<String> lines(Instant start, List<Path> directories) throws IOException, XMLStreamException {
        List<TestClass> classes = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                    for (Path report : reports) {
                        if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
                            classes.add(read(report));
                        }
                    }
                }
            }
        }
        List<String> lines = new ArrayList<>();
        if (!classes.isEmpty()) {
            lines.add("Longest of " + classes.size() + " test classes:");
        }
        classes.stream()
                .sorted(Comparator.comparing(TestClass::seconds).reversed())
                .limit(MAX_CLASSES)
                .map(TestClass::line)
                .forEach(lines::add);
        return lines;
    }

    private static TestClass read(Path report) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            try {
                reader.nextTag();
                return new TestClass(
                        reader.getAttributeValue(null, "name"),
                        Double.parseDouble(
                                reader.getAttributeValue(null, "time").replace(",", "")),
                        Integer.parseInt(reader.getAttributeValue(null, "tests")));
            } finally {
                reader.close();
            }
        }
    }

    private record TestClass(String name, double seconds, int tests) {

        String line() {
            return String.format(Locale.ROOT, "%7.1f s  %3d tests  %s", seconds, tests, name);
        }
    }
}
