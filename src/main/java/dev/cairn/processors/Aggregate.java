package dev.cairn.processors;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What is known of the numbers seen so far. Integers are {@link Long} or {@link java.math.BigInteger}, all others {@link
 * Double}; JSON keeps the difference.
 *
 * @param count how many
 * @param sum exact while all of them are integers, a double from the first other one on
 * @param min the least; of equal ones the first
 * @param max the greatest; of equal ones the first
 * @param last the one seen last
 */
@JsonPropertyOrder({"count", "sum", "min", "max", "last"})
record Aggregate(long count, Number sum, Number min, Number max, Number last) {

    Aggregate {
        sum = Numbers.canonical(sum);
        min = Numbers.canonical(min);
        max = Numbers.canonical(max);
        last = Numbers.canonical(last);
    }

    /** Of one number only. */
    static Aggregate of(Number number) {
        return new Aggregate(1, number, number, number, number);
    }

    /**
     * With one more number.
     *
     * @throws ArithmeticException when the sum is not finite as a double
     */
    Aggregate add(Number number) {
        Number next = Numbers.canonical(number);
        return new Aggregate(
                count + 1,
                Numbers.sum(sum, next),
                Numbers.compare(next, min) < 0 ? next : min,
                Numbers.compare(next, max) > 0 ? next : max,
                next);
    }
}
