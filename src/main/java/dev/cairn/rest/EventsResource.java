package dev.cairn.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import io.smallrye.mutiny.Multi;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** The job as it changes. */
@Path("/")
@Tag(name = "job")
public class EventsResource {

    private static final Logger LOG = Logger.getLogger(EventsResource.class);

    private final Listeners listeners;
    private final Sse sse;
    private final Requester requester;

    EventsResource(Listeners listeners, Sse sse, Requester requester) {
        this.listeners = listeners;
        this.sse = sse;
        this.requester = requester;
    }

    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary =
                    "Follow the job: 'status' every 2 s, 'keys' every 10 s, 'checkpoint' with each new row of the history.")
    public Multi<OutboundSseEvent> events() {
        Control control = requester.control();
        boolean content = requester.seesContent();
        return listeners
                .join()
                .filter(event -> content || !event.showsContent())
                .map(event -> sse.newEventBuilder()
                        .name(event.name())
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(CairnJson.write(event.data(control)))
                        .build())
                .onFailure()
                .invoke(failure -> LOG.infof("event stream ended, its caller has to connect again: %s", failure));
    }
}
