package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.JsonSerde;

class AggregateTest {

    private static final BigInteger BEYOND_LONG = BigInteger.TWO.pow(63);

    private final JsonSerde<Aggregate> serde = JsonSerde.of(Aggregate.class);

    @Test
    void shouldStartWithOneNumber() {
        assertThat(Aggregate.of(7)).isEqualTo(new Aggregate(1, 7L, 7L, 7L, 7L));
    }

    @Test
    void shouldKeepIntegersExact() {
        // 2^53 + 1 is the first integer that is no double
        assertThat(aggregate(9007199254740992L, 1L))
                .isEqualTo(new Aggregate(2, 9007199254740993L, 1L, 9007199254740992L, 1L));
    }

    @Test
    void shouldGoOnExactlyBeyondLong() {
        assertThat(aggregate(Long.MAX_VALUE, 1L).sum()).isEqualTo(BEYOND_LONG);
        assertThat(aggregate(Long.MIN_VALUE, -1L).sum())
                .isEqualTo(BEYOND_LONG.negate().subtract(BigInteger.ONE));
        assertThat(aggregate(BEYOND_LONG, BEYOND_LONG, 1L).sum())
                .isEqualTo(BEYOND_LONG.shiftLeft(1).add(BigInteger.ONE));
    }

    @Test
    void shouldComeBackToLong() {
        assertThat(aggregate(Long.MAX_VALUE, 1L, -1L).sum()).isEqualTo(Long.MAX_VALUE);
        assertThat(aggregate(BEYOND_LONG.negate()).sum()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void shouldSumADoubleOnceANonIntegerTookPart() {
        assertThat(aggregate(1L, 2L).sum()).isEqualTo(3L);
        assertThat(aggregate(1L, 1.5, 0.5).sum()).isEqualTo(3.0);
        assertThat(aggregate(1L, 1.5, 0.5, 4L).sum()).isEqualTo(7.0);
        assertThat(aggregate(BEYOND_LONG, 0.5).sum()).isEqualTo(0x1p63);
    }

    @Test
    void shouldKeepEachNumbersType() {
        assertThat(aggregate(1L, 9L, 2.5)).isEqualTo(new Aggregate(3, 12.5, 1L, 9L, 2.5));
        assertThat(aggregate(2.5, 3L)).isEqualTo(new Aggregate(2, 5.5, 2.5, 3L, 3L));
    }

    static Stream<Number[]> ascending() {
        return Stream.of(
                numbers(1L, 2L),
                numbers(-2.5, -2L),
                numbers(-2L, -1.5),
                numbers(0.5, 1L),
                numbers(Long.MAX_VALUE, BEYOND_LONG),
                numbers(BEYOND_LONG.negate().subtract(BigInteger.ONE), Long.MIN_VALUE),
                numbers(BEYOND_LONG, BEYOND_LONG.add(BigInteger.ONE)),
                // As doubles, the two numbers of each of these pairs are equal.
                numbers(9007199254740992.0, 9007199254740993L),
                numbers(-9007199254740993L, -9007199254740992.0),
                numbers(Long.MAX_VALUE, 0x1p63),
                numbers(0x1p63, BEYOND_LONG.add(BigInteger.ONE)),
                numbers(-Double.MIN_VALUE, 0L),
                numbers(0L, Double.MIN_VALUE),
                numbers(-Double.MAX_VALUE, BEYOND_LONG.negate().subtract(BigInteger.ONE)));
    }

    @ParameterizedTest
    @MethodSource("ascending")
    void shouldFindMinAndMaxAcrossTypes(Number less, Number greater) {
        Aggregate ascending = aggregate(less, greater);
        Aggregate descending = aggregate(greater, less);

        assertThat(ascending.min()).isEqualTo(less).isEqualTo(descending.min());
        assertThat(ascending.max()).isEqualTo(greater).isEqualTo(descending.max());
    }

    @Test
    void shouldKeepTheFirstOfEqualNumbers() {
        assertThat(aggregate(1L, 1.0)).isEqualTo(new Aggregate(2, 2.0, 1L, 1L, 1.0));
        assertThat(aggregate(1.0, 1L)).isEqualTo(new Aggregate(2, 2.0, 1.0, 1.0, 1L));
        assertThat(aggregate(0.0, -0.0).min()).isEqualTo(0.0);
        assertThat(aggregate(0x1p63, BEYOND_LONG).max()).isEqualTo(0x1p63);
    }

    @Test
    void shouldRefuseASumThatIsNotFinite() {
        // Given
        Aggregate aggregate = Aggregate.of(Double.MAX_VALUE);

        // Then
        assertThatThrownBy(() -> aggregate.add(Double.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not finite");
        assertThatThrownBy(() -> aggregate.add(BigInteger.TEN.pow(400))).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldRefuseWhatJsonCannotWrite(double number) {
        assertThatThrownBy(() -> Aggregate.of(number)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldWriteTheFieldsInTheirOrder() {
        assertThat(json(aggregate(1L, 9L, 2.5)))
                .isEqualTo("{\"count\":3,\"sum\":12.5,\"min\":1,\"max\":9,\"last\":2.5}");
        assertThat(json(aggregate(1, 2))).isEqualTo("{\"count\":2,\"sum\":3,\"min\":1,\"max\":2,\"last\":2}");
    }

    static Stream<List<Number>> anyNumbers() {
        return Stream.of(
                List.of(3L),
                List.of(-3L, 3L),
                List.of(3.0),
                List.of(-0.0),
                List.of(0.1, 0.2),
                List.of(1e22, 1e-7, 123456789.125),
                List.of(Double.MIN_VALUE),
                List.of(Double.MAX_VALUE),
                List.of(Long.MAX_VALUE),
                List.of(Long.MIN_VALUE),
                List.of(Long.MAX_VALUE, Long.MAX_VALUE),
                List.of(BEYOND_LONG, 1.5, 7L),
                List.of(BigInteger.TEN.pow(JsonNumberReader.MAX_DIGITS).negate(), 1L));
    }

    @ParameterizedTest
    @MethodSource("anyNumbers")
    void shouldComeBackFromJsonAsItWas(List<Number> numbers) {
        // Given
        Aggregate aggregate = aggregate(numbers.toArray(Number[]::new));

        // When
        Aggregate read = serde.deserialize("", serde.serialize("", aggregate));

        // Then
        assertThat(read).isEqualTo(aggregate);
    }

    private String json(Aggregate aggregate) {
        return new String(serde.serialize("", aggregate), StandardCharsets.UTF_8);
    }

    private static Aggregate aggregate(Number... numbers) {
        Aggregate aggregate = Aggregate.of(numbers[0]);
        for (int i = 1; i < numbers.length; i++) {
            aggregate = aggregate.add(numbers[i]);
        }
        return aggregate;
    }

    private static Number[] numbers(Number... numbers) {
        return numbers;
    }
}
