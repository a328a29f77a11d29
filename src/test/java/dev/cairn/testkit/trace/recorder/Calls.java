package dev.cairn.testkit.trace.recorder;

import java.io.ObjectStreamClass;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Enumeration;

/** Reads the arguments and results of the methods that look things up by name. */
final class Calls {

    private static final Class<?>[] NONE = {};

    private Calls() {}

    /** What has been looked up; null where it is nothing. */
    static Reached describe(String method, Object self, Object[] arguments, Object result, Throwable thrown) {
        String type = method.substring(0, method.lastIndexOf('.'));
        String name = method.substring(type.length() + 1);
        boolean found = thrown == null && result != null;
        return switch (type) {
            case "java.lang.Class" -> ofClass((Class<?>) self, name, method, arguments, result, thrown);
            case "java.lang.ClassLoader" ->
                name.equals("loadClass")
                        ? loaded((String) arguments[0], method, result, thrown)
                        : resource((String) arguments[0], method, result);
            case "io.quarkus.bootstrap.runner.RunnerClassLoader" ->
                loaded((String) arguments[0], method, result, thrown);
            case "java.lang.reflect.Method" -> Reached.use("method", (Method) self, method);
            case "java.lang.reflect.Constructor" -> Reached.use("constructor", (Constructor<?>) self, method);
            case "java.lang.reflect.Field" -> field((Field) self, method);
            case "java.lang.invoke.MethodHandles$Lookup" -> ofLookup(name, method, arguments, result, thrown);
            case "java.lang.reflect.Proxy" ->
                new Reached("proxy", "", method)
                        .parameters((Class<?>[]) arguments[1])
                        .found(found);
            case "java.util.ServiceLoader" ->
                new Reached("service", service(arguments).getName(), method);
            case "java.util.ResourceBundle" -> new Reached("bundle", (String) arguments[0], method).found(found);
            case "java.lang.System", "java.lang.Runtime" ->
                new Reached("library", (String) arguments[0], method).found(thrown == null);
            case "java.io.ObjectStreamClass" -> serialized((ObjectStreamClass) self, method);
            case "sun.misc.Unsafe" ->
                new Reached("allocated", ((Class<?>) arguments[0]).getName(), method).found(found);
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Reached ofClass(
            Class<?> self, String name, String method, Object[] arguments, Object result, Throwable thrown) {
        boolean found = thrown == null && result != null;
        return switch (name) {
            case "forName" ->
                loaded((String) (arguments[0] instanceof String ? arguments[0] : arguments[1]), method, result, thrown);
            case "newInstance" ->
                new Reached("constructor", self.getName(), method)
                        .member("<init>")
                        .declaredBy(self)
                        .found(found);
            case "getResource", "getResourceAsStream" ->
                resource(absolute(self, (String) arguments[0]), method, result);
            case "getMethod", "getDeclaredMethod" ->
                member("method", self, (String) arguments[0], types(arguments[1]), method, (Method) result);
            case "getConstructor", "getDeclaredConstructor" ->
                member("constructor", self, "<init>", types(arguments[0]), method, (Constructor<?>) result);
            case "getField", "getDeclaredField" ->
                new Reached("field", self.getName(), method)
                        .member((String) arguments[0])
                        .declaredBy(found ? ((Field) result).getDeclaringClass() : self)
                        .found(found);
            default ->
                // All methods, all fields and so on. Arrays and primitives have none of their own.
                self.isArray() || self.isPrimitive() || !found || ((Object[]) result).length == 0
                        ? null
                        : new Reached("all", self.getName(), method)
                                .member(name)
                                .declaredBy(self);
        };
    }

    private static Reached ofLookup(String name, String method, Object[] arguments, Object result, Throwable thrown) {
        boolean found = thrown == null && result != null;
        return switch (name) {
            case "findClass" -> loaded((String) arguments[0], method, result, thrown);
            case "findConstructor" ->
                new Reached("constructor", ((Class<?>) arguments[0]).getName(), method)
                        .member("<init>")
                        .parameters(((MethodType) arguments[1]).parameterArray())
                        .declaredBy((Class<?>) arguments[0])
                        .found(found);
            case "findVirtual", "findStatic", "findSpecial" ->
                new Reached("method", ((Class<?>) arguments[0]).getName(), method)
                        .member((String) arguments[1])
                        .parameters(((MethodType) arguments[2]).parameterArray())
                        .declaredBy((Class<?>) arguments[0])
                        .found(found);
            case "unreflect", "unreflectSpecial" -> Reached.use("method", (Executable) arguments[0], method);
            case "unreflectConstructor" -> Reached.use("constructor", (Executable) arguments[0], method);
            case "unreflectGetter", "unreflectSetter", "unreflectVarHandle" -> field((Field) arguments[0], method);
            default ->
                new Reached("field", ((Class<?>) arguments[0]).getName(), method)
                        .member((String) arguments[1])
                        .declaredBy((Class<?>) arguments[0])
                        .found(found);
        };
    }

    /** A class that is there, and whose initializer fails, was found all the same. */
    private static Reached loaded(String name, String by, Object result, Throwable thrown) {
        boolean absent = thrown instanceof ClassNotFoundException || thrown instanceof NoClassDefFoundError;
        String found = result instanceof Class<?> ? ((Class<?>) result).getName() : String.valueOf(name);
        return new Reached("class", found, by).found(!absent && (result != null || thrown != null));
    }

    private static Reached member(
            String kind, Class<?> self, String name, Class<?>[] parameters, String by, Executable result) {
        return new Reached(kind, self.getName(), by)
                .member(name)
                .parameters(parameters)
                .declaredBy(result == null ? self : result.getDeclaringClass())
                .found(result != null);
    }

    private static Reached field(Field field, String by) {
        Reached reached = new Reached("field", field.getDeclaringClass().getName(), by)
                .member(field.getName())
                .declaredBy(field.getDeclaringClass());
        reached.used = field;
        return reached;
    }

    private static Reached resource(String name, String by, Object result) {
        boolean found = result instanceof Enumeration<?> ? ((Enumeration<?>) result).hasMoreElements() : result != null;
        return new Reached("resource", String.valueOf(name), by).found(found);
    }

    private static Reached serialized(ObjectStreamClass self, String by) {
        Class<?> type = self.forClass();
        return type == null ? null : new Reached("serialized", type.getName(), by).fromAnywhere();
    }

    private static Class<?> service(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Class<?>) {
                return (Class<?>) argument;
            }
        }
        throw new IllegalArgumentException("a service loader without a service");
    }

    private static String absolute(Class<?> type, String name) {
        if (name.startsWith("/")) {
            return name.substring(1);
        }
        String inPackage = type.getPackageName().replace('.', '/');
        return inPackage.isEmpty() ? name : String.join("/", inPackage, name);
    }

    private static Class<?>[] types(Object argument) {
        return argument == null ? NONE : (Class<?>[]) argument;
    }
}
