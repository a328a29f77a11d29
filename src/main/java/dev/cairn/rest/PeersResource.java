package dev.cairn.rest;

import java.io.IOException;
import java.util.List;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.cairn.fleet.PeerCall;
import dev.cairn.fleet.PeerGate;
import dev.cairn.fleet.StateQuestion;
import dev.cairn.fleet.StateRouter;

/**
 * What this worker answers the other workers of the job only. {@link Access} lets their questions in; their bodies
 * are checked here, and each answer is signed.
 */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/worker")
@Produces(MediaType.APPLICATION_JSON)
public class PeersResource {

    /** A key is eight tokens. */
    private static final int MAX_TOKENS = 8 * StateBatch.MAX_KEYS + 100;

    private static final JsonMapper QUESTIONS = CairnJson.bounded(MAX_TOKENS);

    private final ThisWorker self;
    private final JobKeys keys;
    private final StateRouter router;
    private final RoutingContext request;

    PeersResource(ThisWorker self, JobKeys keys, StateRouter router, RoutingContext request) {
        this.self = self;
        this.keys = keys;
        this.router = router;
        this.request = request;
    }

    @GET
    @Operation(hidden = true)
    public Response worker() {
        return signed(call(), self.view());
    }

    @GET
    @Path("keys")
    @Operation(hidden = true)
    public Response keys() {
        return signed(call(), keys.own());
    }

    @POST
    @Path("state/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Response state(@PathParam("name") String name, byte[] body) {
        PeerCall call = call();
        if (body == null || !call.hasBody(body)) {
            throw Problems.wrong("the body is not the one that was signed");
        }
        StateQuestion question = question(body);
        return signed(
                call,
                router.answer(StateResource.checked(name), question)
                        .orElseThrow(() -> Problems.notYet("this is no worker of job " + question.job())));
    }

    private static StateQuestion question(byte[] body) {
        try {
            StateQuestion question = QUESTIONS.readValue(body, StateQuestion.class);
            if (question != null
                    && question.job() != null
                    && question.consistency() != null
                    && isSound(question.keys())) {
                return question;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
        throw Problems.wrong(
                "this is no question of a worker, or one about more than " + StateBatch.MAX_KEYS + " keys");
    }

    private static boolean isSound(List<StateQuestion.Key> keys) {
        return keys != null
                && keys.size() <= StateBatch.MAX_KEYS
                && keys.stream().noneMatch(key -> key == null || key.key() == null);
    }

    /** Also where a path was written in a way that {@link Access} did not take for one of these. */
    private PeerCall call() {
        PeerCall call = request.get(Access.PEER_CALL);
        if (call == null) {
            throw Problems.forbidden("this answers workers of the job only");
        }
        return call;
    }

    private Response signed(PeerCall call, Object answer) {
        byte[] bytes = CairnJson.bytes(answer);
        return Response.ok(bytes, MediaType.APPLICATION_JSON)
                .header(PeerGate.HEADER, call.signAnswer(bytes))
                .build();
    }
}
