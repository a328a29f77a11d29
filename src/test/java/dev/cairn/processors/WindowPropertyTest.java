package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.processors.WindowOracle.Event;
import dev.cairn.testkit.TestData;

/** The processor {@code window} next to {@link WindowOracle}: equal results, one by one, and equal late records. */
class WindowPropertyTest {

    private static final int MAX_RESULT = 300;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm", Locale.ROOT);

    /** Windows of some kind. */
    private record Windows(String kind, long size, long hop, long lateness, long outOfOrderness, Set<String> topics) {

        private Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>();
            settings.put("cairn.window.kind", kind);
            settings.put(kind.equals("session") ? "cairn.window.gap" : "cairn.window.size", size + "ms");
            if (kind.equals("hopping")) {
                settings.put("cairn.window.hop", hop + "ms");
            }
            settings.put("cairn.window.value", "/n");
            settings.put("cairn.window.lateness", lateness + "ms");
            settings.put("cairn.output.late.topic", "late");
            settings.put("cairn.event-time.out-of-orderness", outOfOrderness + "ms");
            settings.put("cairn.input.topics", String.join(",", topics));
            return settings;
        }

        private WindowOracle oracle() {
            return new WindowOracle(kind.equals("session"), size, hop, lateness, outOfOrderness, topics);
        }
    }

    static Stream<Windows> windows() {
        Set<String> one = Set.of("input");
        Set<String> two = new TreeSet<>(Set.of("east", "west"));
        return Stream.of(one, two)
                .flatMap(topics -> Stream.of(
                        new Windows("tumbling", 1_000, 1_000, 0, 500, topics),
                        new Windows("tumbling", 1_000, 1_000, 3_000, 200, topics),
                        new Windows("hopping", 1_000, 300, 0, 500, topics),
                        new Windows("hopping", 1_000, 300, 1_500, 100, topics),
                        new Windows("session", 200, 200, 0, 500, topics),
                        new Windows("session", 200, 200, 2_000, 100, topics)));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void shouldBeWhatAnotherComputationSays(Windows windows) {
        for (int seed = 1; seed <= 3; seed++) {
            WindowOracle oracle = check(windows, random(windows, seed, 600), new Random(seed));
            assertThat(oracle.late()).isNotEmpty();
        }
    }

    /** Some windows have a number that makes their results too large for the topic. Those of all others are as before. */
    @ParameterizedTest
    @MethodSource("windows")
    void shouldLeaveOutOnlyResultsThatAreRefused(Windows windows) {
        Windows punctual = new Windows(
                windows.kind(), windows.size(), windows.hop(), 0, windows.outOfOrderness() + 2_000, windows.topics());
        Random random = new Random(9);
        List<Event> events = random(punctual, 9, 600).stream()
                .map(each -> random.nextInt(60) > 0
                        ? each
                        : new Event(each.topic(), each.key(), each.timestamp(), "1" + "0".repeat(MAX_RESULT)))
                .toList();
        Map<String, String> settings = punctual.settings();
        settings.put("cairn.errors", "skip");
        settings.put("kafka.max.request.size", Integer.toString(MAX_RESULT));
        WindowOracle oracle = punctual.oracle();
        try (WindowJob job = new WindowJob(settings)) {
            for (Event each : events) {
                oracle.add(each);
                job.send(each);
                switch (random.nextInt(100)) {
                    case 0 -> job.test().checkpoint();
                    case 1 -> job.test().crash();
                    case 2 -> job.test().restart();
                    default -> {}
                }
            }
            List<String> good = oracle.emitted().stream()
                    .filter(each -> each.length() < MAX_RESULT)
                    .toList();
            assertThat(good).hasSizeBetween(1, oracle.emitted().size() - 1);
            assertThat(job.results()).isEqualTo(good);
            // A late record that is too large fails by itself.
            assertThat(job.test().errors())
                    .filteredOn(each -> each.topic().equals("timer ends"))
                    .hasSize(oracle.emitted().size() - good.size());
        }
    }

    /** The topics have different paces; most records are within the out-of-orderness, some far behind. */
    private static List<Event> random(Windows windows, int seed, int size) {
        Random random = new Random(seed);
        List<String> topics = List.copyOf(windows.topics());
        Map<String, Long> times = new HashMap<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String topic = topics.get(random.nextInt(topics.size()));
            long time = times.merge(topic, (long) random.nextInt(topic.equals("west") ? 40 : 60), Long::sum);
            long behind = random.nextInt(8) == 0
                    ? random.nextInt(6_000)
                    : windows.outOfOrderness() == 0 ? 0 : random.nextInt((int) windows.outOfOrderness());
            String number = random.nextInt(3) == 0
                    ? Double.toString((random.nextInt(20_000) - 10_000) / 100.0)
                    : Integer.toString(random.nextInt(2_000) - 1_000);
            events.add(new Event(topic, "key" + random.nextInt(5), 10_000 + time - Math.min(behind, time), number));
        }
        return events;
    }

    private static WindowOracle check(Windows windows, List<Event> events, Random random) {
        WindowOracle oracle = windows.oracle();
        try (WindowJob job = new WindowJob(windows.settings())) {
            for (Event each : events) {
                oracle.add(each);
                job.send(each);
                switch (random.nextInt(events.size() < 5_000 ? 100 : 2_000)) {
                    case 0 -> job.test().checkpoint();
                    case 1 -> job.test().crash();
                    case 2 -> job.test().restart();
                    default -> {}
                }
            }
            assertThat(job.results()).isEqualTo(oracle.emitted());
            assertThat(job.late())
                    .isEqualTo(oracle.late().stream()
                            .map(late -> new Event("", late.key(), late.timestamp(), late.number()))
                            .toList());
            assertThat(oracle.emitted()).isNotEmpty();
        }
        return oracle;
    }

    @Test
    void shouldComputeDelaysByOriginAndHour() throws IOException {
        List<Event> flights = flights(flight -> flight.path("origin").asText());
        Windows hours = new Windows("tumbling", HOUR, HOUR, 0, 0, Set.of("input"));
        check(hours, flights, new Random(1));
        Windows late = new Windows("tumbling", HOUR, HOUR, 2 * HOUR, 30 * MINUTE, Set.of("input"));
        check(late, outOfOrder(flights), new Random(2));
    }

    @Test
    void shouldComputeHoursOfTwoInputsOfDifferentPace() throws IOException {
        Windows hours = new Windows("tumbling", HOUR, HOUR, HOUR, 0, new TreeSet<>(Set.of("east", "west")));
        check(hours, ofTwoPaces(flights(flight -> flight.path("origin").asText())), new Random(3));
    }

    @Test
    void shouldComputeSessionsByRoute() throws IOException {
        Function<JsonNode, String> route = flight -> flight.path("origin").asText() + "-"
                + flight.path("destination").asText();
        Windows sessions = new Windows("session", 12 * HOUR, 0, 0, 0, Set.of("input"));
        check(sessions, flights(route), new Random(4));
        Windows late = new Windows("session", 3 * HOUR, 0, 4 * HOUR, HOUR, Set.of("input"));
        check(late, outOfOrder(flights(route)), new Random(5));
        Windows two = new Windows("session", 3 * HOUR, 0, 0, 0, new TreeSet<>(Set.of("east", "west")));
        check(two, ofTwoPaces(flights(route)), new Random(6));
    }

    private static List<Event> flights(Function<JsonNode, String> key) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<Event> flights = new ArrayList<>();
        for (String line : Files.readAllLines(TestData.flights())) {
            JsonNode flight = mapper.readTree(line);
            flights.add(new Event(
                    "input",
                    key.apply(flight),
                    LocalDateTime.parse(flight.path("date").asText(), DATE)
                            .toInstant(ZoneOffset.UTC)
                            .toEpochMilli(),
                    flight.path("delay").asText()));
        }
        assertThat(flights).hasSize(20_000);
        return flights;
    }

    /** Each arrives with a delay: most in time, some late. */
    private static List<Event> outOfOrder(List<Event> events) {
        Random random = new Random(7);
        IdentityHashMap<Event, Long> arrivals = new IdentityHashMap<>();
        for (Event each : events) {
            long delay = random.nextInt(20) == 0 ? random.nextLong(6 * HOUR) : random.nextLong(30 * MINUTE);
            arrivals.put(each, each.timestamp() + delay);
        }
        return events.stream().sorted(Comparator.comparing(arrivals::get)).toList();
    }

    /** The east is first, the west up to a day behind. */
    private static List<Event> ofTwoPaces(List<Event> events) {
        Random random = new Random(8);
        List<Event> ofTopics = events.stream()
                .map(each -> new Event(
                        random.nextInt(3) == 0 ? "west" : "east", each.key(), each.timestamp(), each.number()))
                .toList();
        return ofTopics.stream()
                .sorted(Comparator.comparingLong(
                        each -> each.timestamp() + (each.topic().equals("west") ? 24 * HOUR : 0)))
                .toList();
    }
}
