package dev.cairn.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.testkit.MarkdownPage;

class SettingsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "settings.md");

    /** With a name like a setting's: what a dead letter carries, a processor's own setting, a property of the sample's build. */
    private static final Set<String> OTHER_NAMES = Set.of(
            "cairn.error.stage",
            "cairn.error.class",
            "cairn.error.message",
            "cairn.input.topic",
            "cairn.input.partition",
            "cairn.input.offset",
            "cairn.input.timestamp",
            "cairn.timer.name",
            "cairn.timer.time",
            "cairn.output.late.topic",
            "cairn.version");

    /** Programs of the project have settings of their own. */
    private static final Pattern OTHER_PREFIX = Pattern.compile("cairn\\.(demo|test)\\..*");

    private static final String NAME = "((?:cairn|state|execution|taskmanager)\\.[a-z0-9.-]*[a-z0-9])";
    private static final Pattern NAMED = Pattern.compile("^" + NAME + "(?:=(\\S*))?$");
    private static final Pattern GIVEN_TO_JAVA = Pattern.compile("-D" + NAME + "(?:=(\\S*))?");
    private static final Pattern FAMILY = Pattern.compile("^((?:cairn|state|execution|taskmanager)\\.[a-z0-9.-]*)\\*$");
    private static final Pattern VARIABLE =
            Pattern.compile("(?<![\\w$])((?:CAIRN|STATE|EXECUTION|TASKMANAGER)_[A-Z0-9_]+)(?:=(\\S*))?");

    @Test
    void shouldShowEverySettingInThePage() {
        MarkdownPage.read(PAGE).assertTable("settings", SettingsTable.markdown());
    }

    static List<MarkdownPage> pages() {
        return MarkdownPage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldNameOnlySettingsThatExistWithValuesThatTheyTake(MarkdownPage page) {
        // Given
        List<String> code = Stream.concat(page.codeSpans().stream(), page.codeLines().stream())
                .toList();

        // When
        SoftAssertions all = new SoftAssertions();
        code.stream()
                .flatMap(text -> Stream.of(NAMED, GIVEN_TO_JAVA)
                        .flatMap(pattern -> pattern.matcher(text).results()))
                .filter(named -> !OTHER_NAMES.contains(named.group(1))
                        && !SecretSettings.READY_MADE.contains(named.group(1))
                        && !OTHER_PREFIX.matcher(named.group(1)).matches())
                .forEach(named -> check(all, named, name -> name));
        code.stream()
                .flatMap(text -> VARIABLE.matcher(text).results())
                .filter(named -> Stream.concat(OTHER_NAMES.stream(), SecretSettings.READY_MADE.stream())
                        .map(Setting::environmentVariable)
                        .noneMatch(named.group(1)::equals))
                .forEach(named -> check(all, named, Setting::environmentVariable));
        code.stream().flatMap(text -> FAMILY.matcher(text).results()).forEach(family -> all.assertThat(
                        spellings().anyMatch(name -> name.startsWith(family.group(1))))
                .as(family.group())
                .isTrue());

        // Then
        all.assertAll();
    }

    private static void check(SoftAssertions all, MatchResult named, UnaryOperator<String> form) {
        String name = named.group(1);
        if (NamedTopics.isSetting(name) || NamedTopics.isVariable(name)) {
            return;
        }
        Optional<Setting<?>> setting = SettingCatalog.all().stream()
                .filter(each -> each.spellings().map(form).anyMatch(name::equals))
                .<Setting<?>>map(each -> each)
                .findFirst();
        all.assertThat(setting).as("the setting %s", name).isPresent();
        String value = named.group(2);
        if (setting.isPresent() && value != null && value.matches("[\\w.:/,-]+") && !value.contains("...")) {
            all.assertThatCode(() -> setting.get().parser().parse(value))
                    .as(named.group())
                    .doesNotThrowAnyException();
        }
    }

    private static Stream<String> spellings() {
        return SettingCatalog.all().stream().flatMap(Setting::spellings);
    }
}
