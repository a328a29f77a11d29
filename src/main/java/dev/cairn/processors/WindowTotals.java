package dev.cairn.processors;

import java.math.BigDecimal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What is known of the records of a window. It does not depend on the order in which they arrived, except for which of several records of
 * one timestamp is the last. Immutable.
 *
 * @param count how many
 * @param numbers how many of them had a number; where it is not stored, all or none, as there is a sum or not
 * @param sum exact; with at least one decimal place from the first number on that is no integer
 * @param min the least
 * @param max the greatest
 * @param last that of the greatest timestamp, of several the one seen last
 * @param lastAt the greatest timestamp
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"count", "numbers", "sum", "min", "max", "last", "lastAt"})
record WindowTotals(
        long count,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long numbers,
        BigDecimal sum,
        Number min,
        Number max,
        Number last,
        long lastAt) {

    WindowTotals {
        if (numbers == 0 && sum != null) {
            numbers = count;
        }
        min = canonical(min);
        max = canonical(max);
        last = canonical(last);
    }

    private static Number canonical(Number number) {
        return number == null ? null : Numbers.canonical(number);
    }

    /** Of one record; the number is {@code null} where records are only counted. */
    static WindowTotals of(Number number, long timestamp) {
        return number == null
                ? new WindowTotals(1, 0, null, null, null, null, timestamp)
                : new WindowTotals(1, 1, Numbers.asWritten(number), number, number, number, timestamp);
    }

    /**
     * Of the records of both.
     *
     * @throws ArithmeticException when the sum is not finite as a double, and a double took part
     */
    WindowTotals and(WindowTotals later) {
        boolean isLater = later.lastAt >= lastAt;
        return new WindowTotals(
                Math.addExact(count, later.count),
                numbers + later.numbers,
                sum == null ? later.sum : later.sum == null ? sum : finite(sum.add(later.sum)),
                min == null || (later.min != null && Numbers.order(later.min, min) < 0) ? later.min : min,
                max == null || (later.max != null && Numbers.order(later.max, max) > 0) ? later.max : max,
                last == null || (later.last != null && isLater) ? later.last : last,
                isLater ? later.lastAt : lastAt);
    }

    private static BigDecimal finite(BigDecimal sum) {
        Numbers.asNumber(sum);
        return sum;
    }
}
