package dev.cairn.nativeimage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;

/** A program that looks many things up by their names, each in one of the ways there are. */
public final class LooksThingsUp {

    private static final String PACKAGE = "dev.cairn.nativeimage.LooksThingsUp$";

    private LooksThingsUp() {}

    /** Looked up by a name that is put together, with all that it has. */
    public static final class Made {
        public String field = "";

        public Made() {}

        public String method() {
            return "";
        }
    }

    /** Looked up by a literal, and by a name that is put together. */
    static final class Literal {}

    /** Looked up while the builder initializes a class. */
    static final class Early {}

    /** Looked up while the executable initializes a class. */
    static final class Late {}

    /** Serialized. */
    static final class Stored implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** Initialized by the builder. */
    static final class Sooner {
        static final Class<?> FOUND = byName("Early");
    }

    /** Initialized by the executable. */
    static final class Later {
        static final Class<?> FOUND = byName("Late");
    }

    /** Made by a service loader. */
    public static final class Provided implements Callable<String> {
        public Provided() {}

        @Override
        public String call() {
            return "";
        }
    }

    static Class<?> byName(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** The program. */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        Class.forName("dev.cairn.nativeimage.LooksThingsUp$Literal");
        Class<?> made = byName("Made");
        Object one = made.getConstructor().newInstance();
        made.getMethod("method").invoke(one);
        made.getField("field").get(one);
        byName("NotThere");
        Thread.currentThread().getContextClassLoader().loadClass(PACKAGE + "Literal");
        List<Class<?>> initialized = List.of(Sooner.FOUND, Later.FOUND);
        String resource = "looks-things-up-" + initialized.size() + ".txt";
        System.out.println(LooksThingsUp.class.getResource(resource));
        Proxy.newProxyInstance(
                LooksThingsUp.class.getClassLoader(), arrayOf(Runnable.class), (proxy, method, values) -> null);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(new Stored());
        }
        ServiceLoader.load(Callable.class).forEach(provider -> {});
    }

    private static Class<?>[] arrayOf(Class<?>... types) {
        return types;
    }
}
