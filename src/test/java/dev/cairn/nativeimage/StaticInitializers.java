package dev.cairn.nativeimage;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.cairn.nativeimage.ClassCalls.Call;

/**
 * What the classes of some jars ask of the machine when they are initialized, by their byte code.
 *
 * <p>It follows a static initializer through the methods of its own class, lambdas included, some calls deep. It enters other
 * classes by the constructors and static methods that are called, and follows these through their own class. There it looks only
 * for {@link #KEPT}: other questions are mostly asked through a library's reader of properties, about switches of its own.
 * Code that loads a library is followed through all calls, and through the initializers that they start.
 */
final class StaticInitializers {

    private static final String INITIALIZER = "<clinit>()V";
    private static final int MAX_DEPTH = 6;

    /** How many other classes a way may enter, one after the other. */
    private static final int MAX_ENTERED = 3;

    /** What an object keeps that was made by the builder, whichever class asked for it. */
    private static final Set<MachineAccess> KEPT =
            EnumSet.of(MachineAccess.THREAD, MachineAccess.RANDOM, MachineAccess.CLOCK, MachineAccess.NETWORK);

    private static final Pattern ANONYMOUS = Pattern.compile(".*\\$\\d+");

    /** What an anonymous object is made for. */
    private static final Pattern ACTION = Pattern.compile("(run|call|get)\\(\\).*");

    private final ClassCalls classes;

    private StaticInitializers(ClassCalls classes) {
        this.classes = classes;
    }

    /** Reads all classes of jars and directories. */
    static StaticInitializers in(List<Path> classPath) {
        return new StaticInitializers(ClassCalls.in(classPath));
    }

    /** The classes that ask for something, by name; of each what it asks, with the way to the first call that does. */
    SortedMap<String, Map<MachineAccess, String>> asking() {
        SortedMap<String, Map<MachineAccess, String>> asking = new TreeMap<>();
        for (String name : classes.names()) {
            if (classes.methodsOf(name).contains(INITIALIZER)) {
                Map<MachineAccess, String> found = asked(name);
                loading(name).ifPresent(way -> found.putIfAbsent(MachineAccess.LIBRARY, way));
                if (!found.isEmpty()) {
                    asking.put(name.replace('/', '.'), found);
                }
            }
        }
        return asking;
    }

    /** The classes that are initialized at the latest when this one is, by what its initializer mentions. */
    Set<String> startedBy(String name) {
        Set<String> started = new HashSet<>();
        String own = name.replace('.', '/');
        walk(own, false, (call, step) -> {
            if (!call.owner().equals(own) && classes.contains(call.owner())) {
                started.add(call.owner().replace('/', '.'));
            }
            return false;
        });
        return started;
    }

    /** Of all classes that were read. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        classes.names().forEach(name -> names.add(name.replace('/', '.')));
        return names;
    }

    /** The name of the jar or directory that a class is in. */
    String jarOf(String name) {
        return classes.jarOf(name.replace('.', '/'));
    }

    private Map<MachineAccess, String> asked(String name) {
        Map<MachineAccess, String> found = new EnumMap<>(MachineAccess.class);
        walk(name, false, (call, step) -> {
            if (call.access() != null && (step.entered() == 0 || KEPT.contains(call.access()))) {
                found.putIfAbsent(call.access(), step.way() + call.shown());
            }
            return false;
        });
        return found;
    }

    private Optional<String> loading(String name) {
        List<String> found = new ArrayList<>();
        walk(name, true, (call, step) -> {
            if (call.access() == MachineAccess.LIBRARY) {
                found.add(step.way() + call.shown());
                return true;
            }
            return false;
        });
        return found.stream().findFirst();
    }

    private interface Visitor {
        /** @return whether that is enough */
        boolean visit(Call call, Step step);
    }

    /**
     * Where a way stands. A class is left neither for itself nor for the anonymous ones in it, such as privileged actions.
     *
     * @param home the class that the way has entered last
     * @param entered how many it has entered
     */
    private record Step(String home, int entered, String owner, String method, int depth, String way) {

        boolean stays(String other) {
            return other.equals(home)
                    || (other.startsWith(home + "$") && ANONYMOUS.matcher(other).matches());
        }

        Step next(String other, String called, String shown) {
            boolean stays = stays(other);
            return new Step(
                    stays ? home : other, stays ? entered : entered + 1, other, called, depth + 1, way + shown + " > ");
        }
    }

    /** From an initializer along the calls, nearest first. */
    private void walk(String name, boolean everywhere, Visitor visitor) {
        Deque<Step> ahead = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        ahead.add(new Step(name, 0, name, INITIALIZER, 0, ""));
        while (!ahead.isEmpty()) {
            Step step = ahead.remove();
            for (Call call : classes.of(step.owner(), step.method())) {
                if (visitor.visit(call, step)) {
                    return;
                }
                if (step.depth() < MAX_DEPTH && classes.contains(call.owner())) {
                    if (everywhere || step.stays(call.owner()) || (call.fixed() && step.entered() < MAX_ENTERED)) {
                        follow(call, step, ahead, seen);
                    }
                    if (everywhere && !call.owner().equals(name) && seen.add(call.owner() + "." + INITIALIZER)) {
                        ahead.add(step.next(
                                call.owner(), INITIALIZER, call.owner().replace('/', '.') + ".<clinit>"));
                    }
                }
            }
        }
    }

    private void follow(Call call, Step step, Deque<Step> ahead, Set<String> seen) {
        String shown = call.owner().equals(step.owner()) ? call.methodName() : call.shown();
        if (!call.method().isEmpty() && seen.add(call.owner() + "." + call.method())) {
            ahead.add(step.next(call.owner(), call.method(), shown));
        }
        if (call.method().startsWith("<init>")
                && ANONYMOUS.matcher(call.owner()).matches()) {
            classes.methodsOf(call.owner()).stream()
                    .filter(method -> ACTION.matcher(method).matches() && seen.add(call.owner() + "." + method))
                    .forEach(method -> ahead.add(step.next(call.owner(), method, shown)));
        }
    }
}
