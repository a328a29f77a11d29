package dev.cairn.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A savepoint that is wanted.
 *
 * @param targetDirectory where it goes; {@code state.savepoints.dir} where it is not said
 */
@JsonNaming(KebabCaseStrategy.class)
record SavepointRequest(String targetDirectory) {}
