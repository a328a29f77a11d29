package dev.cairn.rest;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import dev.cairn.fleet.StateRouter;
import dev.cairn.fleet.StateRouter.Asked;
import dev.cairn.fleet.StateRouter.Routed;
import dev.cairn.fleet.StateRouter.Wanted;
import dev.cairn.state.Decoder;
import dev.cairn.state.EntryText;
import dev.cairn.state.KeyedState;
import dev.cairn.worker.StateAnswer;

/**
 * State by its key: of the whole job, from any worker. Everything here reads, the POSTs as well. No message but the answer
 * names a key or a value.
 */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class StateResource {

    /** What they keep in memory at the most fits into a small worker. */
    private static final int MAX_BATCHES = 8;

    /** Each may have a page of entries. */
    private static final int MAX_READS = 64;

    /** What decoders put where bytes are no text. */
    static final char UNREADABLE = '\uFFFD';

    private static final String TEXT = "text";
    private static final String BASE64 = "base64";
    private static final List<String> ENCODINGS = List.of(TEXT, BASE64);

    private final StateRouter router;
    private final Semaphore batches = new Semaphore(MAX_BATCHES);
    private final Semaphore reads = new Semaphore(MAX_READS);

    StateResource(StateRouter router) {
        this.router = router;
    }

    @GET
    @Path("state/{name}/{key: .+}")
    @Operation(summary = "The value that a state has for a key; of a map or a list some entries, or one of them")
    @Parameter(
            name = "encoding",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {TEXT, BASE64}))
    @APIResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(oneOf = {StateValue.class, StateEntries.class})))
    @Blocking
    public Uni<StateFound> get(
            @BeanParam StateParameters parameters,
            @BeanParam EntryParameters entries,
            @PathParam("name") String name,
            @PathParam("key") String key) {
        Asked wanted = new Asked(checked(name), parameters.consistency(), entries.selection());
        boolean base64 = Parameters.choice("encoding", parameters.request, ENCODINGS)
                .filter(BASE64::equals)
                .isPresent();
        Wanted one = new Wanted(bytes(key, base64), parameters.partition(router.partitions()));
        return limited(reads, MAX_READS + " reads of state", () -> Uni.createFrom()
                .completionStage(router.ask(wanted, List.of(one)))
                .map(routed -> found(wanted, key, routed.get(0))));
    }

    private static <T> Uni<T> limited(Semaphore free, String what, Supplier<Uni<T>> work) {
        if (!free.tryAcquire()) {
            throw Problems.notYet(what + " are being answered already");
        }
        try {
            return work.get().onTermination().invoke(() -> free.release());
        } catch (RuntimeException e) {
            free.release();
            throw e;
        }
    }

    @POST
    @Path("state/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "The values that a state has for several keys")
    @Blocking
    @RequestBody(content = @Content(schema = @Schema(implementation = StateBatch.class)))
    public Uni<StateResults> batch(
            @BeanParam StateParameters parameters, @PathParam("name") String name, InputStream body) {
        return limited(batches, MAX_BATCHES + " batches", () -> answer(name, parameters, StateBatch.read(body)));
    }

    private Uni<StateResults> answer(String name, StateParameters parameters, StateBatch batch) {
        boolean base64 = isBase64(batch.encoding());
        OptionalInt everywhere = parameters.partition(router.partitions());
        List<Wanted> keys = batch.keys().stream()
                .map(key -> new Wanted(bytes(key, base64), everywhere))
                .toList();
        return Uni.createFrom()
                .completionStage(router.ask(new Asked(checked(name), parameters.consistency(), null), keys))
                .map(routed -> results(name, batch, routed));
    }

    private static StateResults results(String name, StateBatch batch, List<Routed> routed) {
        if (routed.stream().allMatch(each -> each.answer() instanceof StateAnswer.NoSuchState)) {
            throw noSuchState(name);
        }
        for (Routed each : routed) {
            if (each.answer() instanceof StateAnswer.Refused refused) {
                throw Problems.wrong(refused.why());
            }
        }
        List<StateResults.Result> results = new ArrayList<>();
        for (int i = 0; i < routed.size(); i++) {
            results.add(result(batch.keys().get(i), routed.get(i)));
        }
        return new StateResults(results);
    }

    private static StateFound found(Asked asked, String key, Routed routed) {
        StateAnswer answer = routed.answer();
        String consistency = asked.consistency().name().toLowerCase(Locale.ROOT);
        if (answer instanceof StateAnswer.Found found) {
            return new StateValue(
                    asked.state(),
                    key,
                    routed.partition().orElseThrow(),
                    routed.worker(),
                    consistency,
                    asked.entries().entry(),
                    Decoder.ofValues(found.state()).decode(found.value()));
        } else if (answer instanceof StateAnswer.FoundEntries found) {
            Decoder keys = Decoder.ofEntries(found.state());
            Decoder values = Decoder.ofValues(found.state());
            byte[] next = found.page().next();
            return new StateEntries(
                    asked.state(),
                    key,
                    routed.partition().orElseThrow(),
                    routed.worker(),
                    consistency,
                    found.page().entries().stream()
                            .map(entry ->
                                    new StateEntries.Entry(keys.decode(entry.key()), values.decode(entry.value())))
                            .toList(),
                    next == null ? null : EntryText.of(found.state()).text(next));
        } else if (answer instanceof StateAnswer.Refused refused) {
            throw Problems.wrong(refused.why());
        } else if (answer instanceof StateAnswer.Unavailable unavailable) {
            throw Problems.notYet(unavailable.why(), unavailable.retryAfter());
        } else if (answer instanceof StateAnswer.NoSuchState) {
            throw noSuchState(asked.state());
        }
        throw Problems.unknown("the state '" + asked.state() + "' has no value for this key "
                + (asked.entries().entry() == null ? "" : "and entry ") + "in partition "
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

    static String checked(String name) {
        if (!KeyedState.isStateName(name)) {
            throw Problems.wrong(
                    "this cannot name a state: names have letters, digits, '-', '_' and '.', at most 100 of them");
        }
        return name;
    }

    private static boolean isBase64(String encoding) {
        if (encoding != null) {
            Parameters.checkChoice("encoding", encoding, ENCODINGS);
        }
        return BASE64.equals(encoding);
    }

    private static byte[] bytes(String key, boolean base64) {
        if (!base64) {
            if (key.indexOf(UNREADABLE) >= 0) {
                throw Problems.wrong(
                        "the key is not UTF-8. Correct its encoding, or send it in Base64 with encoding=base64");
            }
            return key.getBytes(StandardCharsets.UTF_8);
        }
        try {
            // Of either alphabet, as one of them has no characters that paths give a meaning.
            return Base64.getDecoder().decode(key.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw Problems.wrong("the key is not in Base64: correct it, or leave encoding=base64 out");
        }
    }

    private static HttpProblem noSuchState(String name) {
        return Problems.unknown(
                "the job keeps no state '" + name + "': correct the name, which the processor declares");
    }
}
