package dev.cairn.storage;

/** A store to look at: whatever would change it is an {@link UnsupportedOperationException}. */
final class ReadOnlyObjectStore extends AroundObjectStore {

    ReadOnlyObjectStore(ObjectStore store) {
        super(store);
    }

    @Override
    <T> T around(Call<T> call) {
        return switch (call.request()) {
            case READ, DOWNLOAD, LIST -> call.run().apply(bytes -> {});
            case PUT, CREATE, DELETE -> throw new UnsupportedOperationException(location() + " is opened to read only");
        };
    }
}
