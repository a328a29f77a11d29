package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

import dev.cairn.kubernetes.Overlay;
import dev.cairn.kubernetes.Pods;

/** The commands that Kubernetes runs now and then. */
class CronJobsTest {

    @ParameterizedTest
    @EnumSource
    void shouldRunCommandsThatThereAre(Overlay overlay) {
        // Given
        List<List<String>> commands = overlay.rendered().pods().stream()
                .filter(pods -> !pods.areWorkers())
                .map(pods -> pods.container().getArgs())
                .toList();

        // When
        List<String> parsed = commands.stream()
                .map(arguments -> named(CommandLines.create().parseArgs(arguments.toArray(String[]::new))))
                .toList();

        // Then
        assertThat(parsed).containsExactlyInAnyOrder("cairn checkpoints gc", "cairn savepoint create");
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveTheCommandToTheImage(Overlay overlay) {
        assertThat(overlay.rendered().pods())
                .allSatisfy(pods -> assertThat(pods.container().getCommand()).isEmpty())
                .filteredOn(Pods::areWorkers)
                .allSatisfy(pods -> assertThat(pods.container().getArgs()).isEmpty());
    }

    private static String named(ParseResult result) {
        List<CommandLine> commands = result.asCommandLineList();
        return commands.get(commands.size() - 1).getCommandSpec().qualifiedName();
    }
}
