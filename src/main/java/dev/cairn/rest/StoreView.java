package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.storage.StoreStatus;

/**
 * The store as a worker sees it.
 *
 * @param lastContact how long ago a request last succeeded, milliseconds; absent before the first
 * @param failing the kinds of requests whose last ones failed
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoreView(Long lastContact, List<FailingView> failing) {

    /** A kind of requests, {@code WRITE}, {@code READ} or {@code DELETE}, that has failed for so many milliseconds. */
    record FailingView(String kind, long duration, String cause) {}

    static StoreView of(StoreStatus status) {
        return new StoreView(
                status.sinceContact().map(since -> since.toMillis()).orElse(null),
                status.failing().stream()
                        .map(failing -> new FailingView(
                                failing.access().name(), failing.lasting().toMillis(), failing.message()))
                        .toList());
    }
}
