package dev.cairn.checkpoint.store;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.cairn.checkpoint.format.MetadataCodec;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/**
 * That someone has ended a job on purpose: the object {@code job/_ended}. All of its workers look for it, those that are
 * started later as well, and none runs the job until it is gone.
 *
 * @param kind how
 * @param at when
 * @param savepoint where its state was to go, if it was to go anywhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobEnd(
        @JsonProperty(required = true) Kind kind,
        @JsonProperty(required = true) Instant at,
        String savepoint) {

    private static final String NAME = "_ended";

    /** How a job was ended. */
    public enum Kind {
        /** For good; what stays of it is for the retention to say. */
        CANCELLED,
        /** With a savepoint, to be started from it. */
        STOPPED
    }

    /** Reads it; nothing where the job may run. */
    public static Optional<JobEnd> read(ObjectStore objects, String job) {
        try {
            return Optional.of(MetadataCodec.decodePlain(
                    objects.location() + "/" + key(job), objects.read(key(job)), JobEnd.class));
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    /**
     * Ends the job, unless it is ended already.
     *
     * @return how it is ended now
     */
    public JobEnd write(ObjectStore objects, String job) {
        objects.create(key(job), MetadataCodec.encodePlain(this));
        return read(objects, job).orElse(this);
    }

    /** Lets the job run again. */
    public static void delete(ObjectStore objects, String job) {
        objects.delete(key(job));
    }

    private static String key(String job) {
        return job + "/" + NAME;
    }
}
