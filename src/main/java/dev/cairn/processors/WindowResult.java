package dev.cairn.processors;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import dev.cairn.processors.WindowSettings.Function;

/**
 * The result of a window; what is not asked for is {@code null}, and left out of the JSON.
 *
 * @param start the first millisecond of the window, since the epoch
 * @param end the first one after it
 * @param average of the records that had a number; a double, but for sums beyond double
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"start", "end", "count", "sum", "min", "max", "average", "last"})
record WindowResult(long start, long end, Long count, Number sum, Number min, Number max, Number average, Number last) {

    static WindowResult of(long start, long end, WindowTotals totals, Set<Function> functions) {
        boolean hasNumbers = totals.sum() != null;
        return new WindowResult(
                start,
                end,
                functions.contains(Function.COUNT) ? totals.count() : null,
                hasNumbers && functions.contains(Function.SUM) ? Numbers.asNumber(totals.sum()) : null,
                functions.contains(Function.MIN) ? totals.min() : null,
                functions.contains(Function.MAX) ? totals.max() : null,
                hasNumbers && functions.contains(Function.AVERAGE)
                        ? Numbers.average(totals.sum(), totals.numbers())
                        : null,
                functions.contains(Function.LAST) ? totals.last() : null);
    }
}
