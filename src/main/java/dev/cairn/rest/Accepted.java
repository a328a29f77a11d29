package dev.cairn.rest;

import java.util.function.Supplier;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.cairn.fleet.Operation;
import dev.cairn.job.JobException;

/**
 * The answer to who asks for something long: it has begun, and can be asked for.
 *
 * @param requestId its id
 */
record Accepted(@JsonProperty("request-id") String requestId) {

    /** Its name in the description of the interface. */
    static final String RESPONSE = "Accepted";

    /** Begins something. @throws io.quarkiverse.resteasy.problem.HttpProblem when it cannot be begun */
    static Response answer(Supplier<Operation> begin) {
        try {
            String id = begin.get().id();
            // As a text: the address by which this worker was reached may not be the one that the caller knows.
            return Response.accepted(new Accepted(id))
                    .header(HttpHeaders.LOCATION, "/operations/" + id)
                    .build();
        } catch (JobException e) {
            throw Problems.refused(e.getMessage());
        }
    }
}
