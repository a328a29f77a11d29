package dev.cairn.testkit.trace;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.Map;
import java.util.Set;

import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/** The methods by which Java code reaches something by its name. */
final class TracedMethods {

    /** Loads the classes of a packaged application. */
    static final String LOADER_OF_QUARKUS = "io.quarkus.bootstrap.runner.RunnerClassLoader";

    private static final Map<String, ElementMatcher<MethodDescription>> METHODS = Map.ofEntries(
            Map.entry(
                    "java.lang.Class",
                    publicOnes(
                            "forName",
                            "newInstance",
                            "getResource",
                            "getResourceAsStream",
                            "getMethod",
                            "getDeclaredMethod",
                            "getConstructor",
                            "getDeclaredConstructor",
                            "getField",
                            "getDeclaredField",
                            "getMethods",
                            "getDeclaredMethods",
                            "getConstructors",
                            "getDeclaredConstructors",
                            "getFields",
                            "getDeclaredFields",
                            "getRecordComponents",
                            "getClasses",
                            "getDeclaredClasses")),
            Map.entry(
                    "java.lang.ClassLoader",
                    publicOnes(
                            "loadClass",
                            "getResource",
                            "getResources",
                            "getResourceAsStream",
                            "getSystemResource",
                            "getSystemResources",
                            "getSystemResourceAsStream",
                            "resources")),
            Map.entry(LOADER_OF_QUARKUS, new Both(publicOnes("loadClass"), takesArguments(1))),
            Map.entry("java.lang.reflect.Method", publicOnes("invoke")),
            Map.entry("java.lang.reflect.Constructor", publicOnes("newInstance")),
            Map.entry(
                    "java.lang.reflect.Field",
                    new Both(
                            publicOnes(
                                    "get",
                                    "getBoolean",
                                    "getByte",
                                    "getChar",
                                    "getShort",
                                    "getInt",
                                    "getLong",
                                    "getFloat",
                                    "getDouble",
                                    "set",
                                    "setBoolean",
                                    "setByte",
                                    "setChar",
                                    "setShort",
                                    "setInt",
                                    "setLong",
                                    "setFloat",
                                    "setDouble"),
                            takesArgument(0, Object.class))),
            Map.entry(
                    "java.lang.invoke.MethodHandles$Lookup",
                    publicOnes(
                            "findClass",
                            "findConstructor",
                            "findVirtual",
                            "findStatic",
                            "findSpecial",
                            "findGetter",
                            "findSetter",
                            "findStaticGetter",
                            "findStaticSetter",
                            "findVarHandle",
                            "findStaticVarHandle",
                            "unreflect",
                            "unreflectSpecial",
                            "unreflectConstructor",
                            "unreflectGetter",
                            "unreflectSetter",
                            "unreflectVarHandle")),
            Map.entry("java.lang.reflect.Proxy", publicOnes("newProxyInstance")),
            Map.entry("java.util.ServiceLoader", new Both(publicOnes("load", "loadInstalled"), isStatic())),
            Map.entry("java.util.ResourceBundle", new Both(publicOnes("getBundle"), isStatic())),
            Map.entry("java.lang.System", publicOnes("load", "loadLibrary")),
            Map.entry("java.lang.Runtime", publicOnes("load", "loadLibrary")),
            Map.entry("java.io.ObjectStreamClass", new Both(isConstructor(), takesArgument(0, Class.class))),
            Map.entry("sun.misc.Unsafe", publicOnes("allocateInstance")));

    private TracedMethods() {}

    /** The classes that have some. */
    static Set<String> types() {
        return METHODS.keySet();
    }

    static ElementMatcher<MethodDescription> of(String type) {
        return METHODS.get(type);
    }

    private static ElementMatcher<MethodDescription> publicOnes(String... names) {
        return new Both(isPublic(), namedOneOf(names));
    }

    private record Both(ElementMatcher<? super MethodDescription> one, ElementMatcher<? super MethodDescription> other)
            implements ElementMatcher<MethodDescription> {

        @Override
        public boolean matches(MethodDescription method) {
            return one.matches(method) && other.matches(method);
        }
    }
}
