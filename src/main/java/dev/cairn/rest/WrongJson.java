package dev.cairn.rest;

import jakarta.ws.rs.ext.Provider;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** Bodies that are JSON, but not of the shape that is expected. */
@Provider
public final class WrongJson extends ExceptionMapperBase<MismatchedInputException> {

    @Override
    protected HttpProblem toProblem(MismatchedInputException e) {
        return Problems.wrong("the body does not have the shape that is expected. GET /q/openapi shows it");
    }
}
