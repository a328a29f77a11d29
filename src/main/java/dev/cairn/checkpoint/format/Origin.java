package dev.cairn.checkpoint.format;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a line of checkpoints began with instead of an empty state. Every later checkpoint of the line carries it on, so that
 * a job which is started with the same path again knows that it has been there.
 *
 * @param path as it was given, canonical: see {@link SnapshotPath#canonical}
 * @param uid unique id of the checkpoint or savepoint
 * @param again tells several starts from the same path apart: the text that was given with the path; {@code null} for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Origin(String path, String uid, String again) {

    /** Of a start without such a text. */
    public Origin(String path, String uid) {
        this(path, uid, null);
    }

    /** The same with such a text. */
    public Origin again(String text) {
        return new Origin(path, uid, text);
    }
}
