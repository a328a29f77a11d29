package dev.cairn.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;

import io.quarkiverse.resteasy.problem.HttpProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.cairn.fleet.StateQuestion;
import dev.cairn.fleet.StateReply;
import dev.cairn.fleet.StateRouter;
import dev.cairn.fleet.StateRouter.Routed;
import dev.cairn.fleet.StateRouter.Wanted;
import dev.cairn.state.Decoder;
import dev.cairn.state.KeyedState;
import dev.cairn.worker.Consistency;
import dev.cairn.worker.StateAnswer;

/**
 * State by its key: of the whole job, from any worker. Everything here reads, the POSTs as well. No message but the answer
 * names a key or a value.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class StateResource {

    private static final int MOST_KEYS = 1_000;

    private final StateRouter router;

    StateResource(StateRouter router) {
        this.router = router;
    }

    @GET
    @Path("state/{name}/{key: .+}")
    @Operation(summary = "The value that a state has for a key")
    public StateValue get(
            @PathParam("name") String name,
            @PathParam("key") String key,
            @QueryParam("consistency") String consistency,
            @QueryParam("encoding") String encoding,
            @QueryParam("partition") Integer partition,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        Consistency wanted = consistency(consistency);
        Wanted one = new Wanted(bytes(key, isBase64(encoding)), partition(partition));
        Routed routed = router.ask(checked(name), List.of(one), wanted, Optional.ofNullable(authorization))
                .get(0);
        return value(name, key, wanted, routed);
    }

    @POST
    @Path("state/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "The values that a state has for several keys")
    public StateResults batch(
            @PathParam("name") String name,
            @QueryParam("consistency") String consistency,
            @QueryParam("partition") Integer partition,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            StateBatch batch) {
        if (batch == null
                || batch.keys() == null
                || batch.keys().isEmpty()
                || batch.keys().contains(null)) {
            throw wrong("there are no keys: send {\"keys\":[\"a\",\"b\"]}");
        }
        if (batch.keys().size() > MOST_KEYS) {
            throw wrong(batch.keys().size() + " keys are too many: ask for " + MOST_KEYS + " at a time");
        }
        boolean base64 = isBase64(batch.encoding());
        OptionalInt everywhere = partition(partition);
        List<Wanted> keys = batch.keys().stream()
                .map(key -> new Wanted(bytes(key, base64), everywhere))
                .toList();
        List<Routed> routed =
                router.ask(checked(name), keys, consistency(consistency), Optional.ofNullable(authorization));
        if (routed.stream().allMatch(each -> each.answer() instanceof StateAnswer.NoSuchState)) {
            throw noSuchState(name);
        }
        List<StateResults.Result> results = new ArrayList<>();
        for (int i = 0; i < routed.size(); i++) {
            results.add(result(batch.keys().get(i), routed.get(i)));
        }
        return new StateResults(results);
    }

    /** For a look at one worker; workers ask each other by {@link #local}. */
    @GET
    @Path("worker/state/{name}/{key: .+}")
    @Operation(summary = "The value that a state has for a key, where this worker has its partition")
    public StateValue getLocal(
            @PathParam("name") String name,
            @PathParam("key") String key,
            @QueryParam("consistency") String consistency,
            @QueryParam("encoding") String encoding,
            @QueryParam("partition") Integer partition) {
        Consistency wanted = consistency(consistency);
        Wanted one = new Wanted(bytes(key, isBase64(encoding)), partition(partition));
        return value(name, key, wanted, router.askHere(checked(name), one, wanted));
    }

    @POST
    @Path("state/{name}/local")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public StateReply local(@PathParam("name") String name, StateQuestion question) {
        if (question == null
                || question.job() == null
                || question.consistency() == null
                || question.keys() == null
                || question.keys().stream().anyMatch(key -> key == null || key.key() == null)) {
            throw wrong("this is for other workers");
        }
        return router.answer(checked(name), question)
                .orElseThrow(() -> unavailable("this is no worker of job " + question.job(), 1));
    }

    private static StateValue value(String name, String key, Consistency consistency, Routed routed) {
        StateAnswer answer = routed.answer();
        if (answer instanceof StateAnswer.Found found) {
            return new StateValue(
                    name,
                    key,
                    routed.partition().orElseThrow(),
                    routed.worker(),
                    consistency.name().toLowerCase(Locale.ROOT),
                    Decoder.ofValues(found.state()).decode(found.value()));
        } else if (answer instanceof StateAnswer.Unavailable unavailable) {
            throw unavailable(unavailable.why(), unavailable.retryAfter().toSeconds());
        } else if (answer instanceof StateAnswer.NoSuchState) {
            throw noSuchState(name);
        }
        throw HttpProblem.valueOf(
                Status.NOT_FOUND,
                "the state '" + name + "' has no value for this key in partition "
                        + routed.partition().orElseThrow()
                        + ", where Kafka's producers send it by default; if yours choose others, add ?partition=");
    }

    private static StateResults.Result result(String key, Routed routed) {
        Integer partition = routed.partition().isPresent() ? routed.partition().getAsInt() : null;
        StateAnswer answer = routed.answer();
        if (answer instanceof StateAnswer.Found found) {
            return new StateResults.Result(
                    key,
                    true,
                    Decoder.ofValues(found.state()).decode(found.value()),
                    partition,
                    routed.worker(),
                    null,
                    null,
                    null);
        } else if (answer instanceof StateAnswer.Unavailable unavailable) {
            return new StateResults.Result(
                    key,
                    null,
                    null,
                    partition,
                    null,
                    true,
                    unavailable.retryAfter().toSeconds(),
                    unavailable.why());
        }
        return new StateResults.Result(key, false, null, partition, routed.worker(), null, null, null);
    }

    private static String checked(String name) {
        if (!KeyedState.isStateName(name)) {
            throw wrong("this cannot name a state: names have letters, digits, '-', '_' and '.', at most 100 of them");
        }
        return name;
    }

    private static Consistency consistency(String text) {
        if (text == null || text.equals("committed")) {
            return Consistency.COMMITTED;
        } else if (text.equals("live")) {
            return Consistency.LIVE;
        }
        throw wrong("there is no such consistency: it is committed or live");
    }

    private static boolean isBase64(String encoding) {
        if (encoding == null || encoding.equals("text")) {
            return false;
        } else if (encoding.equals("base64")) {
            return true;
        }
        throw wrong("there is no such encoding: it is text or base64");
    }

    private static byte[] bytes(String key, boolean base64) {
        if (!base64) {
            return key.getBytes(StandardCharsets.UTF_8);
        }
        try {
            // Of either alphabet, as one of them has no characters that paths give a meaning.
            return Base64.getDecoder().decode(key.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw wrong("the key is not in Base64: correct it, or leave encoding=base64 out");
        }
    }

    private OptionalInt partition(Integer given) {
        if (given == null) {
            return OptionalInt.empty();
        }
        int count = router.partitions();
        if (given < 0 || (count > 0 && given >= count)) {
            throw wrong("there is no partition " + given + ": the inputs have " + count);
        }
        return OptionalInt.of(given);
    }

    private static HttpProblem noSuchState(String name) {
        return HttpProblem.valueOf(
                Status.NOT_FOUND,
                "the job keeps no state '" + name + "': correct the name, which the processor declares");
    }

    private static HttpProblem wrong(String detail) {
        return HttpProblem.valueOf(Status.BAD_REQUEST, detail);
    }

    private static HttpProblem unavailable(String why, long retryAfterSeconds) {
        return HttpProblem.builder()
                .withTitle(Status.SERVICE_UNAVAILABLE.getReasonPhrase())
                .withStatus(Status.SERVICE_UNAVAILABLE)
                .withDetail(why + "; ask again in a moment")
                .withHeader(HttpHeaders.RETRY_AFTER, retryAfterSeconds)
                .build();
    }
}
