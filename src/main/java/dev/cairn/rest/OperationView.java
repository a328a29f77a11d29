package dev.cairn.rest;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.fleet.Operation;

/**
 * Something long that was asked for, in the shape that Flink gives it.
 *
 * @param operation what came of it; absent while it runs
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record OperationView(String requestId, String kind, Status status, Result operation) {

    /** Where it stands. */
    record Status(Operation.State id) {}

    /**
     * What came of it.
     *
     * @param location of a savepoint
     * @param failureCause why it failed
     * @param remark what else there is to say, such as workers that did not answer
     */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(String location, Failure failureCause, String remark) {}

    /** Why it failed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failure(@JsonProperty("class") String type, String message) {}

    static OperationView of(Operation operation) {
        return new OperationView(
                operation.id(),
                operation.kind().name().toLowerCase(Locale.ROOT),
                new Status(operation.state()),
                operation.state() == Operation.State.IN_PROGRESS ? null : result(operation));
    }

    private static Result result(Operation operation) {
        return new Result(
                operation.location().orElse(null),
                operation
                        .failure()
                        .map(cause -> new Failure(cause.type(), cause.message()))
                        .orElse(null),
                operation.remark().orElse(null));
    }
}
