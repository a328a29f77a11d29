package dev.cairn.nativeimage;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a call asks of the machine that it runs on, so that its answer does not belong into an executable unseen. */
enum MachineAccess {
    LIBRARY,
    THREAD,
    ENVIRONMENT,
    JDK,
    CLOCK,
    RANDOM,
    FILES,
    NETWORK,
    SETTINGS;

    /** Properties that say the same on every machine that an executable is for, or that a library has for itself. */
    private static final Pattern OF_THE_MACHINE = Pattern.compile(
            "os\\..*|user\\..*|java\\.io\\.tmpdir|java\\.home"
                    + "|java\\.class\\.path|java\\.library\\.path|java\\.locale.*|native\\.encoding|file\\.encoding|sun\\.(arch|cpu|os|jnu).*");

    private static final Pattern OF_THE_JDK = Pattern.compile(
            "java\\.(version|specification|vm|vendor|runtime|class\\.version).*|org\\.graalvm\\..*|sun\\.java\\..*");

    private static final Pattern READER = Pattern.compile("get.*|.*[pP]roperty.*");

    private static final Pattern PROPERTY =
            Pattern.compile("os\\.(name|arch|version)|user\\.(home|dir|name)|java\\.io\\.tmpdir"
                    + "|java\\.(version|specification\\.version|vm\\.\\w+|vendor|runtime\\.\\w+|class\\.version)");

    private static final Set<String> READS_PROPERTY = Set.of(
            "java/lang/System.getProperty",
            "java/lang/Boolean.getBoolean",
            "java/lang/Integer.getInteger",
            "java/lang/Long.getLong");

    private record Rule(MachineAccess access, Pattern call) {}

    private static final List<Rule> RULES = List.of(
            rule(LIBRARY, "java/lang/(System|Runtime)\\.load(Library)?"),
            rule(
                    THREAD,
                    "java/lang/Thread\\.(<init>|start)|java/util/concurrent/Executors\\.new.*|java/util/Timer\\.<init>"
                            + "|java/util/concurrent/((Scheduled)?ThreadPoolExecutor|ForkJoinPool)\\.<init>"
                            + "|java/util/concurrent/ForkJoinPool\\.commonPool"
                            + "|java/util/concurrent/CompletableFuture\\.\\w+Async|java/lang/Runtime\\.addShutdownHook"
                            + "|java/lang/ref/Cleaner\\.create"),
            rule(
                    ENVIRONMENT,
                    "java/lang/System\\.(getenv|getProperties|console)|java/lang/ProcessHandle\\.current"
                            + "|java/lang/Runtime\\.(availableProcessors|maxMemory|totalMemory|freeMemory)"
                            + "|java/lang/management/ManagementFactory\\..*|java/util/Locale\\.getDefault"
                            + "|java/util/TimeZone\\.getDefault|java/time/ZoneId\\.systemDefault"
                            + "|java/nio/charset/Charset\\.defaultCharset"),
            rule(JDK, "java/lang/Runtime\\.version|java/lang/Runtime\\$Version\\..*"),
            rule(
                    CLOCK,
                    "java/lang/System\\.(currentTimeMillis|nanoTime)|java/time/Clock\\.system\\w*"
                            + "|java/time/\\w+\\.now|java/util/Date\\.<init>\\(\\)V|java/util/Calendar\\.getInstance"),
            rule(
                    RANDOM,
                    "java/util/(Random|SplittableRandom)\\.<init>|java/security/SecureRandom\\..*|java/util/UUID\\.randomUUID"
                            + "|java/util/concurrent/ThreadLocalRandom\\.current|java/lang/Math\\.random"
                            + "|java/util/random/RandomGenerator\\..*"),
            rule(
                    FILES,
                    "java/nio/file/Files\\..*|java/io/(FileInputStream|FileOutputStream|RandomAccessFile|FileReader|FileWriter)"
                            + "\\.<init>|java/io/File\\.(exists|is\\w+|list\\w*|mkdirs?|createTempFile|length|delete\\w*|get(Absolute|Canonical)\\w+)"
                            + "|java/nio/file/Path\\.(toAbsolutePath|toRealPath)|java/lang/ProcessBuilder\\.start|java/lang/Runtime\\.exec"),
            rule(
                    NETWORK,
                    "java/net/(InetAddress|NetworkInterface|Inet[46]Address)\\.get\\w*(All|Local|ByName|Interfaces|ByIndex)\\w*"
                            + "|java/net/(Server)?Socket\\.<init>|java/net/http/HttpClient\\..*"
                            + "|java/nio/channels/(Server)?SocketChannel\\.open|java/nio/channels/Selector\\.open"),
            rule(SETTINGS, "org/eclipse/microprofile/config/ConfigProvider\\..*"));

    private static Rule rule(MachineAccess access, String call) {
        return new Rule(access, Pattern.compile(call));
    }

    /**
     * What a call asks.
     *
     * @param owner in the form of the class file, such as {@code java/lang/System}
     * @param argument the constant that it is given first; null when there is none
     */
    static Optional<MachineAccess> of(String owner, String name, String descriptor, String argument) {
        String call = owner + "." + name;
        if (READS_PROPERTY.contains(call)) {
            return ofProperty(argument);
        }
        if (!owner.startsWith("java/") && !owner.startsWith("org/eclipse/microprofile/config/")) {
            // Libraries have methods of their own around System.getProperty.
            return READER.matcher(name).matches()
                            && argument != null
                            && PROPERTY.matcher(argument).matches()
                    ? ofProperty(argument)
                    : Optional.empty();
        }
        return RULES.stream()
                .filter(rule -> rule.call().matcher(call).matches()
                        || rule.call().matcher(call + descriptor).matches())
                .map(Rule::access)
                .findFirst();
    }

    private static Optional<MachineAccess> ofProperty(String name) {
        if (name == null || OF_THE_MACHINE.matcher(name).matches()) {
            return Optional.of(ENVIRONMENT);
        }
        return OF_THE_JDK.matcher(name).matches() ? Optional.of(JDK) : Optional.empty();
    }
}
