package dev.cairn.nativeimage;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.cairn.testkit.trace.Access;

/** Compares what was reached by name on a JVM with what an executable has. */
final class Reachability {

    /** Calls of methods, constructors and fields that have been looked up before. */
    private static final String USES = "java.lang.reflect.";

    private final ExecutableMetadata metadata;
    private final LateInitialization late;
    private final Substitutions substitutions;
    private final CallSites callSites;

    /** Members that the builder itself has seen: it keeps these callable. */
    private final Set<String> known = new HashSet<>();

    Reachability(
            ExecutableMetadata metadata, LateInitialization late, Substitutions substitutions, CallSites callSites) {
        this.metadata = metadata;
        this.late = late;
        this.substitutions = substitutions;
        this.callSites = callSites;
    }

    /** What is missing, one for each thing and caller. */
    List<Gap> gaps(List<Access> accesses, Predicate<Access> isReviewed) {
        List<Access> atRunTime = accesses.stream()
                .filter(Access::found)
                .filter(access -> !isOfJvmOnly(access) && !isProviderOfTheJdk(access))
                .filter(access -> !isDoneByBuilder(access))
                .toList();
        Map<String, Gap> gaps = new LinkedHashMap<>();
        for (Access access : atRunTime) {
            if (!isThere(access) && !isReviewed.test(access)) {
                gaps.putIfAbsent(access.what() + " " + access.caller(), new Gap(access));
            }
        }
        return List.copyOf(gaps.values());
    }

    /** The class loader of packaged jars, and the agent. */
    private static boolean isOfJvmOnly(Access access) {
        return access.caller().startsWith("io.quarkus.bootstrap.runner.")
                || access.caller().startsWith("net.bytebuddy.")
                || access.owner().startsWith("jdk.proxy");
    }

    /** Security providers, locales and the like: the builder knows its own JDK. */
    private boolean isProviderOfTheJdk(Access access) {
        return access.caller().matches("(java\\.util\\.ServiceLoader|javax?\\.security\\.).*")
                && !access.kind().equals("resource")
                && !callSites.isInApplication(access.owner());
    }

    private boolean isDoneByBuilder(Access access) {
        if (access.frames().stream().anyMatch(substitutions::replace)) {
            return true;
        }
        boolean early = access.initializers().stream().anyMatch(type -> !late.contains(type));
        if (early || callSites.isResolvedByBuilder(access)) {
            known.add(key(access));
            return true;
        }
        return false;
    }

    private static String key(Access access) {
        return access.kind().equals("all")
                ? access.declaring()
                : access.declaring() + "." + access.member() + access.parameters();
    }

    private boolean isKnown(Access access) {
        return known.contains(key(access)) || known.contains(access.declaring());
    }

    private boolean isThere(Access access) {
        boolean used = access.by().startsWith(USES) || access.by().endsWith(".newInstance");
        RegisteredClass declaring = metadata.of(access.declaring());
        return switch (access.kind()) {
            case "class" -> metadata.knows(access.owner()) || isOnlyMentioned(access);
            case "method" ->
                declaring.declares(access.member(), access.parameters(), used)
                        || metadata.of(access.owner()).inheritsAll(used)
                        || (used && isKnown(access));
            case "constructor" -> declaring.hasConstructor(access.parameters(), used) || (used && isKnown(access));
            case "field" -> declaring.hasField(access.member()) || (used && isKnown(access));
            case "all" -> declaring.lists(access.member());
            case "resource" -> metadata.includes(access.owner());
            case "bundle" -> metadata.hasBundle(access.owner());
            case "proxy" -> metadata.hasProxy(access.parameters());
            case "serialized" -> metadata.isSerializable(access.owner());
            case "allocated" -> declaring.isAllocatedWithoutConstructor();
            // What a service loader reads and makes is recorded by itself.
            case "service" -> true;
            default -> false;
        };
    }

    private boolean isOnlyMentioned(Access access) {
        return access.by().endsWith(".loadClass") && !callSites.isExplicit(access);
    }
}
