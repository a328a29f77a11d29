package dev.cairn.testkit.verify;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.cairn.testkit.JsonLines;
import dev.cairn.testkit.broker.Readers;

/**
 * Checks the output of the processor {@code aggregate} against an account of its own: the n-th result of a key must tell
 * of the first n inputs of that key. Integers are compared exactly, sums of fractions up to rounding.
 *
 * <p>Failures are {@link AssertionError}s that name key, partition and offset.
 */
public final class AggregateVerifier {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final BigDecimal ROUNDING = new BigDecimal("1e-9");
    private static final int PROBLEMS_SHOWN = 20;

    private final Map<String, List<Aggregate>> expected = new LinkedHashMap<>();
    private final Map<String, Integer> elsewhere = new HashMap<>();

    /** Expects nothing yet; {@link #expect} adds inputs. */
    public AggregateVerifier() {}

    /**
     * Expects what a file of JSON lines leads to.
     *
     * @param keyPointer where each line has its key, such as {@code /origin}
     * @param valuePointer where each line has its number, such as {@code /delay}
     */
    public static AggregateVerifier ofFile(Path file, String keyPointer, String valuePointer) {
        AggregateVerifier verifier = new AggregateVerifier();
        JsonPointer value = JsonPointer.compile(valuePointer);
        try (Stream<JsonLines.Line> lines = new JsonLines(file, JsonPointer.compile(keyPointer)).lines()) {
            lines.forEach(line -> verifier.expect(line.key(), line.number(value).decimalValue()));
        }
        return verifier;
    }

    /** Adds an input; those of a key in the order in which they are processed. */
    public AggregateVerifier expect(String key, BigDecimal value) {
        List<Aggregate> ofKey = expected.computeIfAbsent(key, ignored -> new ArrayList<>());
        ofKey.add(
                ofKey.isEmpty()
                        ? Aggregate.of(value)
                        : ofKey.get(ofKey.size() - 1).plus(value));
        return this;
    }

    /**
     * The results of all that is expected so far are in another output: what is verified from now on begins after them, and
     * must tell of them all the same.
     */
    public AggregateVerifier beginNewOutput() {
        expected.forEach((key, aggregates) -> elsewhere.put(key, aggregates.size()));
        return this;
    }

    /** How many inputs are expected. */
    public long inputs() {
        return expected.values().stream().mapToLong(List::size).sum();
    }

    /** How many keys are expected. */
    public int keys() {
        return expected.size();
    }

    /** Each key's results tell of its first, its second, ... its last input: none is missing, none comes twice. */
    public void verifyExactlyOnce(Readers.Content<String, String> output) {
        verify(output, Guarantee.EXACTLY_ONCE);
    }

    /** As {@link #verifyExactlyOnce}, but results may come again: counts may jump back, and never skip one. */
    public void verifyAtLeastOnce(Readers.Content<String, String> output) {
        verify(output, Guarantee.AT_LEAST_ONCE);
    }

    private void verify(Readers.Content<String, String> output, Guarantee guarantee) {
        Map<String, Progress> progress = new LinkedHashMap<>();
        expected.forEach((key, aggregates) ->
                progress.put(key, new Progress(key, aggregates, elsewhere.getOrDefault(key, 0), guarantee)));
        List<String> problems = new ArrayList<>();
        for (ConsumerRecord<String, String> next : output.records()) {
            Progress ofKey = progress.get(next.key());
            if (ofKey == null) {
                problems.add(at(next) + ": there is no input with this key");
            } else {
                ofKey.accept(next, problems);
            }
        }
        progress.values().forEach(ofKey -> ofKey.end(problems));
        if (!problems.isEmpty()) {
            throw new AssertionError(report(output, guarantee, problems));
        }
    }

    private String report(Readers.Content<String, String> output, Guarantee guarantee, List<String> problems) {
        return "%s is violated: topic %s has %s records for %s inputs of %s keys, with %s problems%s%s"
                .formatted(
                        guarantee,
                        output.topic(),
                        output.size(),
                        inputs(),
                        keys(),
                        problems.size(),
                        problems.stream().limit(PROBLEMS_SHOWN).collect(Collectors.joining("\n  ", ":\n  ", "")),
                        problems.size() > PROBLEMS_SHOWN ? "\n  ..." : "");
    }

    static Optional<Aggregate> parse(String value) {
        try {
            return value == null ? Optional.empty() : Optional.ofNullable(MAPPER.readValue(value, Aggregate.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String at(ConsumerRecord<String, String> result) {
        return "key %s, partition %s, offset %s, %s"
                .formatted(result.key(), result.partition(), result.offset(), result.value());
    }

    private enum Guarantee {
        EXACTLY_ONCE,
        AT_LEAST_ONCE
    }

    /** How far the results of a key have come. */
    private static final class Progress {

        private final String key;
        private final List<Aggregate> aggregates;
        private final Guarantee guarantee;
        private long highest;
        private long previous;

        Progress(String key, List<Aggregate> aggregates, int elsewhere, Guarantee guarantee) {
            this.key = key;
            this.aggregates = aggregates;
            this.highest = elsewhere;
            this.previous = elsewhere;
            this.guarantee = guarantee;
        }

        void accept(ConsumerRecord<String, String> result, List<String> problems) {
            Optional<Aggregate> parsed = parse(result.value());
            if (parsed.isEmpty()) {
                problems.add(at(result) + ": not an aggregate");
                return;
            }
            Aggregate actual = parsed.get();
            long count = actual.count();
            if (count < 1 || count > aggregates.size()) {
                problems.add(at(result) + ": the key has " + aggregates.size() + " inputs");
                return;
            }
            if (count > highest + 1) {
                problems.add(at(result) + ": a gap, count " + (highest + 1) + " is missing");
            } else if (guarantee == Guarantee.EXACTLY_ONCE && count <= highest) {
                problems.add(at(result) + ": a repeat, count " + highest + " has been there already");
            }
            Aggregate wanted = aggregates.get((int) count - 1);
            if (!actual.equalsUpToRounding(wanted)) {
                problems.add(at(result) + ": the first " + count + " inputs make " + wanted);
            }
            highest = Math.max(highest, count);
            previous = count;
        }

        void end(List<String> problems) {
            if (highest < aggregates.size()) {
                problems.add("key " + key + ": its results end at count " + highest + ", it has " + aggregates.size()
                        + " inputs");
            } else if (previous < highest) {
                problems.add("key " + key + ": its last result has count " + previous + ", after " + highest);
            }
        }
    }

    /** What the processor keeps of a key. */
    record Aggregate(long count, BigDecimal sum, BigDecimal min, BigDecimal max, BigDecimal last) {

        Aggregate {
            if (sum == null || min == null || max == null || last == null) {
                throw new IllegalArgumentException("incomplete");
            }
        }

        static Aggregate of(BigDecimal value) {
            return new Aggregate(1, value, value, value, value);
        }

        Aggregate plus(BigDecimal value) {
            return new Aggregate(count + 1, sum.add(value), min.min(value), max.max(value), value);
        }

        boolean equalsUpToRounding(Aggregate other) {
            return count == other.count
                    && same(sum, other.sum)
                    && same(min, other.min)
                    && same(max, other.max)
                    && same(last, other.last);
        }

        private static boolean same(BigDecimal actual, BigDecimal wanted) {
            // Fractions may have been added up in binary; integers have no excuse.
            BigDecimal tolerance = isInteger(actual) && isInteger(wanted)
                    ? BigDecimal.ZERO
                    : wanted.abs().max(BigDecimal.ONE).multiply(ROUNDING);
            return actual.subtract(wanted).abs().compareTo(tolerance) <= 0;
        }

        private static boolean isInteger(BigDecimal number) {
            return number.stripTrailingZeros().scale() <= 0;
        }
    }
}
