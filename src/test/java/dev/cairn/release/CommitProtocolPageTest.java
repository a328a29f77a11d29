package dev.cairn.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;

/** Each rule of the commit protocol links to its tests, and each of these tests carries the rule's tag. */
class CommitProtocolPageTest {

    private static final Path PAGE = Path.of("docs", "design", "commit-protocol.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final String TAG = "rule-";
    private static final Pattern RULE = Pattern.compile("<a id=\"([a-z][0-9]+)\"></a>([A-Z][0-9]+)");
    private static final Pattern TEST = Pattern.compile("\\[`(\\w+)\\.(\\w+)`]\\(([^)#]+)\\)");
    private static final Pattern CODE_LINE = Pattern.compile("(?m)^Code: (.*)$");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");

    private static String page;
    private static List<JavaMethod> methods;

    /**
     * That a test belongs to a rule.
     *
     * @param rule such as {@code C1}
     * @param file of the test's class, relative to the project
     * @param method of the test
     */
    private record Proof(String rule, Path file, String method) implements Comparable<Proof> {

        @Override
        public int compareTo(Proof other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return rule + " " + file + " " + method;
        }
    }

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(PAGE);
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("dev.cairn");
        methods = tests.stream()
                .flatMap(test -> test.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Test.class) || method.isMetaAnnotatedWith(TestTemplate.class))
                .toList();
    }

    @Test
    void shouldGiveEachRuleOneNumberAndItsAnchor() {
        List<String> rules = rules();

        assertThat(rules).isNotEmpty().doesNotHaveDuplicates();
        assertThat(RULE.matcher(page).results())
                .allSatisfy(found -> assertThat(found.group(2)).isEqualToIgnoringCase(found.group(1)));
    }

    @Test
    void shouldLinkEachRuleToATest() {
        Set<String> proven = linked().stream().map(Proof::rule).collect(Collectors.toSet());

        assertThat(rules())
                .filteredOn(rule -> !proven.contains(rule))
                .as("rules without a test")
                .isEmpty();
    }

    @Test
    void shouldLinkOnlyTestsThatExist() {
        Set<String> existing = methods.stream()
                .map(method -> fileOf(method) + " " + method.getName())
                .collect(Collectors.toSet());

        assertThat(linked())
                .filteredOn(proof -> !existing.contains(proof.file() + " " + proof.method()))
                .as("links to tests that do not exist")
                .isEmpty();
    }

    @Test
    void shouldNameTheClassOfEachLinkedTest() {
        assertThat(TEST.matcher(page).results())
                .allSatisfy(link -> assertThat(link.group(3)).endsWith("/" + link.group(1) + ".java"));
    }

    @Test
    void shouldTagOnlyForRulesOfThePage() {
        assertThat(tagged())
                .filteredOn(proof -> !rules().contains(proof.rule()))
                .as("tests of rules that are not on the page")
                .isEmpty();
    }

    @Test
    void shouldLinkEachTaggedTestAndTagEachLinkedOne() {
        assertThat(tagged())
                .as("tests that carry the tag of a rule, compared with those that the page links")
                .containsExactlyInAnyOrderElementsOf(linked());
    }

    @Test
    void shouldNameClassesThatExist() throws IOException {
        // Given
        Set<String> existing;
        try (Stream<Path> files = Files.walk(MAIN)) {
            existing = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }

        // When
        List<String> named = CODE_LINE
                .matcher(page)
                .results()
                .flatMap(line -> CODE.matcher(line.group(1)).results())
                .map(found -> found.group(1))
                .toList();

        // Then
        assertThat(named).isNotEmpty().isSubsetOf(existing);
    }

    private static List<String> rules() {
        return RULE.matcher(page).results().map(found -> found.group(2)).toList();
    }

    /** What the page says: a link belongs to the rule whose number comes last before it. */
    private static Set<Proof> linked() {
        Set<Proof> linked = new TreeSet<>();
        Matcher rule = RULE.matcher(page);
        List<Integer> starts = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        while (rule.find()) {
            starts.add(rule.start());
            rules.add(rule.group(2));
        }
        starts.add(page.length());
        for (int i = 0; i < rules.size(); i++) {
            Matcher test = TEST.matcher(page).region(starts.get(i), starts.get(i + 1));
            while (test.find()) {
                Path file = PAGE.resolveSibling(test.group(3)).normalize();
                linked.add(new Proof(rules.get(i), file, test.group(2)));
            }
        }
        return linked;
    }

    /** What the tests say. */
    private static Set<Proof> tagged() {
        Set<Proof> tagged = new TreeSet<>();
        for (JavaMethod method : methods) {
            tags(method)
                    .map(Tag::value)
                    .filter(tag -> tag.startsWith(TAG))
                    .forEach(tag ->
                            tagged.add(new Proof(tag.substring(TAG.length()), fileOf(method), method.getName())));
        }
        return tagged;
    }

    /** One tag is an annotation of its own, several are in another one. */
    private static Stream<Tag> tags(JavaMethod method) {
        return Stream.concat(
                method.tryGetAnnotationOfType(Tag.class).stream(),
                method.tryGetAnnotationOfType(Tags.class).stream().flatMap(tags -> Stream.of(tags.value())));
    }

    private static Path fileOf(JavaMethod method) {
        String name = method.getOwner().getSource().orElseThrow().getFileName().orElseThrow();
        return TESTS.resolve(method.getOwner().getPackageName().replace('.', '/'))
                .resolve(name);
    }
}
