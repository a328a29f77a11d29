package dev.cairn.rest;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jakarta.ws.rs.core.UriInfo;

import io.quarkiverse.resteasy.problem.HttpProblem;

import dev.cairn.storage.Printable;

/** Parameters as callers write them. One that cannot be used is 400: its name, its value, and what is allowed. */
final class Parameters {

    private Parameters() {}

    /** A number of a query, if it is there. @throws HttpProblem when it is no whole number from 0 to the largest one */
    static OptionalInt whole(String name, UriInfo request, int max) {
        String allowed = "Write 0 to " + max;
        Optional<String> text = single(name, request, allowed);
        return text.isPresent() ? OptionalInt.of((int) parse(name, text.get(), max)) : OptionalInt.empty();
    }

    /** A number of a path. @throws HttpProblem when it is no whole number from 0 to the largest one */
    static long whole(String name, String given, long max) {
        return parse(name, given, max);
    }

    /** A choice of a query, if it is there. @throws HttpProblem when it is none of those */
    static Optional<String> choice(String name, UriInfo request, Collection<String> allowed) {
        Optional<String> text = single(name, request, wayOut(allowed));
        text.ifPresent(choice -> checkChoice(name, choice, allowed));
        return text;
    }

    /** A text of a query, if it is there. @throws HttpProblem when it is blank */
    static Optional<String> text(String name, UriInfo request) {
        return single(name, request, "Write {\"base64\":\"...\"} for bytes that are no text");
    }

    /** @throws HttpProblem when it is none of those */
    static void checkChoice(String name, String given, Collection<String> allowed) {
        if (!allowed.contains(given)) {
            throw Problems.wrong(shown(name, given) + " is not known. " + wayOut(allowed));
        }
    }

    private static Optional<String> single(String name, UriInfo request, String wayOut) {
        // Not by a parameter of the method: there, an empty one is none.
        List<String> given = request.getQueryParameters().get(name);
        if (given == null || given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() > 1) {
            throw Problems.wrong(name + " is there " + given.size() + " times. Write it once");
        }
        if (given.get(0).isBlank()) {
            throw Problems.wrong(name + " is empty. " + wayOut + ", or leave it out");
        }
        return Optional.of(given.get(0));
    }

    private static long parse(String name, String text, long max) {
        boolean digits = !text.isEmpty() && text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = -1;
        try {
            number = digits ? Long.parseLong(text) : -1;
        } catch (NumberFormatException e) {
            // Said below.
        }
        if (number < 0 || number > max) {
            throw Problems.wrong(shown(name, text) + " is not a whole number that can be. Write 0 to " + max);
        }
        return number;
    }

    private static String shown(String name, String value) {
        return name + "=" + Printable.value(value);
    }

    private static String wayOut(Collection<String> allowed) {
        return "Write " + String.join(" or ", allowed);
    }
}
