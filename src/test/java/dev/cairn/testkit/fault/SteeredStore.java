package dev.cairn.testkit.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Consumer;

import dev.cairn.storage.ObjectStore;

/** A store before whose calls a test may do something, such as fail or wait. Thread-safe. */
public final class SteeredStore {

    private static final Set<String> WRITES = Set.of("put", "create");
    private static final Set<String> READS = Set.of("read", "download");

    private volatile Consumer<String> beforeWrite = SteeredStore::nothing;
    private volatile Consumer<String> beforeRead = SteeredStore::nothing;

    private static void nothing(String key) {}

    /** Does this before each object is written, with its key. */
    public void beforeWrite(Consumer<String> action) {
        beforeWrite = action;
    }

    /** Does this before each object is read, with its key. */
    public void beforeRead(Consumer<String> action) {
        beforeRead = action;
    }

    /** Lets all calls through. */
    public void release() {
        beforeWrite = SteeredStore::nothing;
        beforeRead = SteeredStore::nothing;
    }

    /** Steers this store. */
    public ObjectStore over(ObjectStore store) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (WRITES.contains(method.getName())) {
                beforeWrite.accept((String) arguments[0]);
            } else if (READS.contains(method.getName())) {
                beforeRead.accept((String) arguments[0]);
            }
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (ObjectStore)
                Proxy.newProxyInstance(ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, handler);
    }
}
