package dev.cairn.rest;

import java.util.Arrays;

/**
 * What many values are like, each percentile the smallest value that so many are not above (nearest rank). Of no values, all
 * are 0.
 */
record Summary(long min, long max, long avg, long p50, long p90, long p95, long p99, long p999) {

    static Summary of(long... values) {
        if (values.length == 0) {
            return new Summary(0, 0, 0, 0, 0, 0, 0, 0);
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Summary(
                sorted[0],
                sorted[sorted.length - 1],
                Math.round(Arrays.stream(sorted).average().orElseThrow()),
                percentile(sorted, 50),
                percentile(sorted, 90),
                percentile(sorted, 95),
                percentile(sorted, 99),
                percentile(sorted, 99.9));
    }

    private static long percentile(long[] sorted, double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }
}
