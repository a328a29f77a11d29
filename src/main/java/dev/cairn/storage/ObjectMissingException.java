package dev.cairn.storage;

/** There is no such object; trying again does not help. */
public final class ObjectMissingException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** For an object that is not in this store. */
    public ObjectMissingException(String location, String key) {
        super(location + "/" + key + " does not exist");
    }
}
