package dev.cairn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import dev.cairn.testkit.MarkdownPage;

class CommandsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "cli.md");

    /** In a script, where a command begins, such as {@code X=$(cairn stop --drain | head -1)}. */
    private static final Pattern IN_A_SCRIPT =
            Pattern.compile("(?:^|\\$\\(|[;&|] )(?:[A-Z_]+=\\S+ )*cairn (?!\\.\\.\\.)([^|>)#]+)");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private static final Pattern OF_THE_RUNTIME = Pattern.compile("-X\\S+");

    @Test
    void shouldShowEveryCommandInThePage() {
        MarkdownPage.read(PAGE).assertTable("commands", CommandsTable.markdown());
    }

    static List<MarkdownPage> pages() {
        return MarkdownPage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldNameOnlyCommandsAndOptionsThatExist(MarkdownPage page) {
        // Given
        Set<String> first = CommandLines.create().getSubcommands().keySet();
        Stream<String> inText = page.codeSpans().stream()
                .filter(span -> span.startsWith("cairn ")
                        || (span.contains(" ") && first.contains(words(span).get(0))))
                .map(span -> span.replaceFirst("^cairn ", ""));
        Stream<String> inScripts = page.codeLines().stream()
                .flatMap(line -> IN_A_SCRIPT.matcher(line).results())
                .map(script -> script.group(1));

        // When
        SoftAssertions all = new SoftAssertions();
        Stream.concat(inText, inScripts)
                .filter(typed -> !typed.startsWith("..."))
                .forEach(typed -> check(all, typed));

        // Then
        all.assertAll();
    }

    private static List<String> words(String typed) {
        return SPACE.splitAsStream(typed.strip()).toList();
    }

    private static void check(SoftAssertions all, String typed) {
        CommandLine command = CommandLines.create();
        for (String word : words(typed)) {
            CommandLine below = command.getSubcommands().get(word);
            if (below != null) {
                command = below;
            } else if (word.startsWith("-") && !OF_THE_RUNTIME.matcher(word).matches()) {
                all.assertThat(command.getCommandSpec().findOption(word.replaceFirst("=.*", "")))
                        .as("the option %s in 'cairn %s'", word, typed)
                        .isNotNull();
            } else if (!word.startsWith("-")) {
                all.assertThat(command.getSubcommands().isEmpty())
                        .as("the command %s in 'cairn %s'", word, typed)
                        .isTrue();
            }
        }
    }
}
