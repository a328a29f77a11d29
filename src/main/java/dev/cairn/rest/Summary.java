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
                rank(sorted, 500),
                rank(sorted, 900),
                rank(sorted, 950),
                rank(sorted, 990),
                rank(sorted, 999));
    }

    private static long rank(long[] sorted, long perMille) {
        int rank = Math.toIntExact((perMille * sorted.length + 999) / 1000);
        return sorted[rank - 1];
    }
}
