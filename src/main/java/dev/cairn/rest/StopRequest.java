package dev.cairn.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How to stop a job.
 *
 * @param targetDirectory where the savepoint goes; {@code state.savepoints.dir} where it is not said
 * @param drain whether to wait before until all is processed that is in the input now
 */
@JsonNaming(KebabCaseStrategy.class)
record StopRequest(String targetDirectory, boolean drain) {}
