package dev.cairn.storage;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import dev.cairn.storage.StoreListener.Result;

/** A store that reports every request to a listener: each attempt by itself, below the retries. */
public final class ObservedObjectStore extends AroundObjectStore {

    private final StoreListener listener;

    /** @param store is asked, and closed with this one */
    public ObservedObjectStore(ObjectStore store, StoreListener listener) {
        super(store);
        this.listener = listener;
    }

    @Override
    public ObjectStore inBackground() {
        return new ObservedObjectStore(below().inBackground(), listener);
    }

    @Override
    <T> T around(Call<T> call) {
        long began = System.nanoTime();
        LongAdder moved = new LongAdder();
        T answer;
        try {
            answer = call.run().apply(moved::add);
        } catch (RuntimeException | Error e) {
            Result result = e instanceof ObjectMissingException ? Result.MISSING : Result.FAILED;
            listener.ended(call.request(), result, since(began), 0);
            throw e;
        }
        listener.ended(call.request(), result(answer), since(began), moved.sum());
        return answer;
    }

    private static Result result(Object answer) {
        if (answer == Creation.EXISTS) {
            return Result.EXISTS;
        }
        boolean objectsAreLeft = answer instanceof Map<?, ?> left && !left.isEmpty();
        return objectsAreLeft ? Result.FAILED : Result.OK;
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
