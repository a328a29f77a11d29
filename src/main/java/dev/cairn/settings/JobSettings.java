package dev.cairn.settings;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/** What is processed, and by whom. Immutable. */
public final class JobSettings {

    static final SettingGroup GROUP = new SettingGroup(SettingRules::checkJob);

    private final SettingValues values;

    JobSettings(SettingValues values) {
        this.values = values;
    }

    /** Reads each where it is asked for, and then throws {@link SettingsException} if it cannot be used. */
    public static JobSettings of(Config config) {
        return new JobSettings(new SettingValues(config));
    }

    static final Setting<String> JOB = GROUP.add(
            SettingNames.JOB,
            Fallback.required(),
            "Name of the job, and so of its consumer group and of its directory of checkpoints.",
            Parsers.name());

    /** The job: consumer group, directory of its checkpoints, beginning of its transactional ids. */
    public String name() {
        return values.get(JOB);
    }

    /**
     * Checks the name of a job that was not read from the settings.
     *
     * @return the name
     * @throws SettingsException if it cannot be one
     */
    public static String checkedName(String name) {
        try {
            return JOB.parser().parse(name);
        } catch (InvalidValueException e) {
            throw new SettingsException(List.of(e.problem(JOB.name(), name)));
        }
    }

    static final Setting<List<String>> INPUT_TOPICS = GROUP.add(
            SettingNames.INPUT_TOPICS,
            Fallback.of(
                    "required, unless a `cairn.input.<name>.topic` is set",
                    config -> NamedTopics.areSet(config, NamedTopics.INPUT) ? Optional.of("") : Optional.empty()),
            "Topics to read, several separated by commas; they need the same number of partitions.",
            Parsers.topicsOrNone());

    /** Read together, partition by partition, also those of inputs with a name; at least one, none twice. */
    public List<String> inputTopics() {
        return Stream.concat(values.get(INPUT_TOPICS).stream(), namedInputs().topics().stream())
                .distinct()
                .toList();
    }

    /** The setting that names an input topic. */
    public String settingOfInput(String topic) {
        return namedInputs().bySetting().entrySet().stream()
                .filter(named -> named.getValue().equals(topic)
                        && !values.get(INPUT_TOPICS).contains(topic))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(SettingNames.INPUT_TOPICS);
    }

    /** The topics of the inputs that have a name. */
    public NamedTopics namedInputs() {
        return values.topics(NamedTopics.INPUT);
    }

    static final Setting<InputStart> INPUT_START = GROUP.add(
            SettingNames.INPUT_START,
            Fallback.of("earliest"),
            "Where a new job starts in its input: `earliest` or `latest`.",
            Parsers.oneOf(InputStart.class));

    /** Where a job without committed offsets and checkpoints starts. */
    public InputStart inputStart() {
        return values.get(INPUT_START);
    }

    /**
     * How long records wait for an input topic that has none, zero where only what the broker already has is waited for, below
     * zero where nothing is.
     */
    static final Setting<Duration> INPUT_MAX_IDLE = GROUP.add(
            "cairn.input.max-idle",
            Fallback.of("0s"),
            "How long records of one input topic wait for a topic that has none, to be processed in the order of their"
                    + " timestamps. `0s` waits only for records that the broker already has, `-1` does not wait.",
            Parsers.durationOrNever());

    public Duration inputMaxIdle() {
        return values.get(INPUT_MAX_IDLE);
    }

    static final Setting<Duration> OUT_OF_ORDERNESS = GROUP.add(
            "cairn.event-time.out-of-orderness",
            Fallback.of("0s"),
            "How much older than the newest record of its topic a record may be: so far the watermark stays behind.",
            Parsers.durationFrom(Duration.ZERO));

    /** How far a watermark stays behind the largest timestamp seen. */
    public Duration outOfOrderness() {
        return values.get(OUT_OF_ORDERNESS);
    }

    static final Setting<Duration> EVENT_TIME_IDLE = GROUP.add(
            "cairn.event-time.idle",
            Fallback.of("10s"),
            "How long an input topic of which the broker has no more records holds the watermark back.",
            Parsers.durationFrom(Duration.ZERO));

    /** How long an input without records holds a watermark back. */
    public Duration eventTimeIdle() {
        return values.get(EVENT_TIME_IDLE);
    }

    static final Setting<Optional<String>> OUTPUT_TOPIC = GROUP.add(
            SettingNames.OUTPUT_TOPIC,
            Fallback.none(),
            "Topic for the results that `process` emits; without it they are dropped. Outputs with a name have topics of"
                    + " their own.",
            Parsers.optional(Parsers.topic()));

    /** Where results go for which no other output is named, if the job has any. */
    public Optional<String> outputTopic() {
        return values.get(OUTPUT_TOPIC);
    }

    /** The topics of the outputs that have a name. */
    public NamedTopics namedOutputs() {
        return values.topics(NamedTopics.OUTPUT);
    }

    /** The topics to write to that settings name, with these settings; dead letters included. */
    public Map<String, String> writtenTopics() {
        Map<String, String> topics = new LinkedHashMap<>();
        outputTopic().ifPresent(topic -> topics.put(topic, SettingNames.OUTPUT_TOPIC));
        namedOutputs().bySetting().forEach((setting, topic) -> topics.putIfAbsent(topic, setting));
        deadLetterTopic().ifPresent(topic -> topics.putIfAbsent(topic, SettingNames.DEAD_LETTER_TOPIC));
        return topics;
    }

    static final Setting<String> PROCESSOR = GROUP.add(
            SettingNames.PROCESSOR,
            Fallback.of("aggregate"),
            "Name of the processor that handles the records.",
            text -> text);

    /** Name of the processor. */
    public String processor() {
        return values.get(PROCESSOR);
    }

    static final Setting<ErrorPolicy> ERRORS = GROUP.add(
            SettingNames.ERRORS,
            Fallback.of("fail"),
            "What happens to a record that cannot be read or processed: `fail` stops the worker, `skip` drops the record,"
                    + " `dead-letter` puts it aside.",
            Parsers.oneOf(ErrorPolicy.class));

    /** What to do with a record that cannot be processed. */
    public ErrorPolicy errors() {
        return values.get(ERRORS);
    }

    static final Setting<Set<String>> RETRY_EXCEPTIONS = GROUP.add(
            SettingNames.RETRY_EXCEPTIONS,
            Fallback.none(),
            "Exceptions of a processor or a deserializer after which the record is tried again before `"
                    + SettingNames.ERRORS
                    + "` counts: full names of classes, several separated by commas. Subclasses and"
                    + " causes count.",
            Parsers.classNames());

    static final Setting<Integer> RETRY_LIMIT = GROUP.add(
            "cairn.errors.retry.limit",
            Fallback.of("10"),
            "How often such a record is tried again.",
            Parsers.integerFrom(1));

    static final Setting<Duration> RETRY_BACKOFF = GROUP.add(
            "cairn.errors.retry.backoff",
            Fallback.of("1s"),
            "Time before such a record is tried again; each further time is twice the one before it.",
            Parsers.durationFrom(Duration.ofMillis(1)));

    static final Setting<Duration> RETRY_MAX_BACKOFF = GROUP.add(
            "cairn.errors.retry.max-backoff",
            Fallback.of("1min"),
            "Longest time before such a record is tried again.",
            Parsers.durationFrom(Duration.ofMillis(1)));

    /** Which records that failed are tried again, before {@link #errors} counts. */
    public RetryPolicy retries() {
        return new RetryPolicy(
                values.get(RETRY_EXCEPTIONS),
                values.get(RETRY_LIMIT),
                values.get(RETRY_BACKOFF),
                values.get(RETRY_MAX_BACKOFF));
    }

    static final Setting<Optional<String>> DEAD_LETTER_TOPIC = GROUP.add(
            SettingNames.DEAD_LETTER_TOPIC,
            Fallback.none(),
            "Topic for the records put aside; required where `" + SettingNames.ERRORS + "` is `dead-letter`.",
            Parsers.optional(Parsers.topic()));

    /** Where records go that cannot be processed; there when {@link #errors} is {@link ErrorPolicy#DEAD_LETTER}. */
    public Optional<String> deadLetterTopic() {
        return values.get(DEAD_LETTER_TOPIC);
    }

    static final Setting<Integer> THREADS = GROUP.add(
            SettingNames.THREADS,
            Fallback.of(
                    "one per CPU core",
                    config -> Optional.of(Integer.toString(Runtime.getRuntime().availableProcessors()))),
            "Loops of this worker, each with its own consumer and partitions.",
            Parsers.integerFrom(1));

    /** Loops of this worker, at least 1. */
    public int threads() {
        return values.get(THREADS);
    }

    static final Setting<String> INSTANCE = GROUP.add(
            SettingNames.INSTANCE,
            Fallback.of("host name", Machine::hostName),
            "Name of this worker among those of the job; the same after a restart, and no other's.",
            Parsers.name());

    /** This worker among those of the job, the same after a restart. */
    public String instance() {
        return values.get(INSTANCE);
    }

    static final Setting<Duration> STATUS_INTERVAL = GROUP.add(
            "cairn.status.interval",
            Fallback.of("30s"),
            "Time between two lines in the log that say how the worker is doing, if that has changed; `0` for none.",
            Parsers.durationFrom(Duration.ZERO));

    /** Time between two status lines, zero for none. */
    public Duration statusInterval() {
        return values.get(STATUS_INTERVAL);
    }

    static final Setting<URI> ADVERTISED_ADDRESS = GROUP.add(
            SettingNames.ADVERTISED_ADDRESS,
            Fallback.of("`quarkus.http.host` or the machine's address, and the port", Machine::httpAddress),
            "Where the other workers of the job reach this one, as `http://host:port` or `https://host:port`: they ask each"
                    + " other for state. Its path is always `quarkus.http.root-path`.",
            Parsers.httpAddress());

    /** Where other workers of the job reach this one by HTTP. */
    public URI advertisedAddress() {
        return values.get(ADVERTISED_ADDRESS);
    }

    /** Why another worker cannot be reached where it says that it listens, a clause; empty where the address is fine. */
    public static Optional<String> faultOfAddress(URI address) {
        try {
            ADVERTISED_ADDRESS.parser().parse(address.toString());
            return address.getPort() == 0 ? Optional.of("it has no port yet") : Optional.empty();
        } catch (InvalidValueException e) {
            return Optional.of(e.getMessage());
        }
    }

    static final Setting<Boolean> HOT_KEYS = GROUP.add(
            "cairn.hot-keys.enabled",
            Fallback.of("true"),
            "Whether the worker finds out which keys are updated most and which have the largest values.",
            Parsers.bool());

    /** Whether to find out which keys are updated most and which have the largest values. */
    public boolean hotKeys() {
        return values.get(HOT_KEYS);
    }
}
