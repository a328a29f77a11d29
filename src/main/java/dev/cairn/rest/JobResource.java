package dev.cairn.rest;

import java.util.List;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The job, its workers and partitions, as any of its workers shows them. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "job")
public class JobResource {

    private final JobStatus status;
    private final ThisWorker self;
    private final Access access;

    JobResource(JobStatus status, ThisWorker self, Access access) {
        this.status = status;
        this.self = self;
        this.access = access;
    }

    @GET
    @Path("/job")
    @Operation(summary = "The job: its state, throughput and lag over all workers, and what the caller may do.")
    public JobView job(RoutingContext request, SecurityIdentity who) {
        return status.job(status.workers(), access.controlOf(request, who));
    }

    @GET
    @Path("/workers")
    @Operation(summary = "The workers of the job, and which partitions each of them has.")
    public List<WorkerView> workers() {
        return status.workers().stream().map(WorkerView::withoutDetails).toList();
    }

    @GET
    @Path("/partitions")
    @Operation(
            summary = "The partitions of the job: their positions, last checkpoints, restores, and why one is parked.")
    public List<PartitionView> partitions() {
        return JobStatus.partitions(status.workers());
    }

    @GET
    @Path("/worker")
    @Operation(summary = "This worker alone, with its partitions; for the others.")
    public WorkerView worker() {
        return self.view();
    }
}
