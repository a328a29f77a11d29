package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables that a page of the documentation shows as an example. */
final class DocumentedSettings {

    private static final Path SECURITY = Path.of("docs", "operate", "security.md");
    private static final Pattern VARIABLE = Pattern.compile("(?m)^([A-Z][A-Z0-9_]+)=(\\S+)$");

    private DocumentedSettings() {}

    /** Those of the first block of code below a heading of the page about security. */
    static Map<String, String> ofSecurity(String heading) {
        try {
            String page = Files.readString(SECURITY);
            int below = page.indexOf("\n" + heading + "\n");
            assertThat(below).as("'%s' in %s", heading, SECURITY).isNotNegative();
            int begin = page.indexOf("```sh\n", below);
            Map<String, String> settings = new LinkedHashMap<>();
            Matcher variables = VARIABLE.matcher(page.substring(begin, page.indexOf("\n```\n", begin) + 1));
            while (variables.find()) {
                settings.put(variables.group(1), variables.group(2));
            }
            assertThat(settings).as("settings below '%s'", heading).isNotEmpty();
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
