package dev.cairn.checkpoint.format;

/**
 * Something that another version of Cairn wrote in a format that this one does not know. Nothing is damaged: no older checkpoint
 * must be used instead.
 */
public final class UnknownFormatException extends DamagedCheckpointException {

    private static final long serialVersionUID = 1L;

    /**
     * With what it is.
     *
     * @param what the object, and its format
     * @param known what is known here
     */
    public UnknownFormatException(String what, String known) {
        super(what + ", this version of Cairn reads " + known
                + ". Another version wrote it: run that one, or start from a"
                + " savepoint that was made before the upgrade");
    }
}
