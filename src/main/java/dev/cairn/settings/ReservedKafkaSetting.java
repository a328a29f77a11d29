package dev.cairn.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

import dev.cairn.names.SettingNames;

/**
 * A setting of Kafka's clients that Cairn decides by itself, because another value would lose, double or reorder records.
 *
 * @param name the client's name for it
 * @param refused which values are refused
 * @param cause why, a clause
 * @param wayOut what to do instead, a sentence
 */
record ReservedKafkaSetting(String name, Predicate<String> refused, String cause, String wayOut) {

    private static final String REMOVE = "Remove it.";

    private static final List<ReservedKafkaSetting> ALL = List.of(
            always(
                    "enable.auto.commit",
                    "offsets are committed together with a checkpoint, never by themselves",
                    REMOVE),
            always(
                    "group.protocol",
                    "partitions are assigned by the classic protocol, with Cairn's own assignor",
                    REMOVE),
            always(
                    "partition.assignment.strategy",
                    "Cairn's own assignor keeps the same partition of all input topics together",
                    REMOVE),
            always("isolation.level", "inputs are always read with read_committed", REMOVE),
            always(
                    "transactional.id",
                    "it is made from the job and the instance, so that a restart finds its own",
                    REMOVE),
            always("group.id", "the job's name is the consumer group", "Set " + SettingNames.JOB + " instead."),
            always(
                    "group.instance.id",
                    "it is made from the instance and the loop",
                    "Set " + SettingNames.INSTANCE + " instead."),
            always(
                    "auto.offset.reset",
                    "a position that is gone must be an error, never a silent skip",
                    "Set " + SettingNames.INPUT_START + " for where a new job starts."),
            serde("key.deserializer"),
            serde("value.deserializer"),
            serde("key.serializer"),
            serde("value.serializer"),
            always(
                    "transaction.timeout.ms",
                    "it follows from the interval, the pause and the time-out of checkpoints",
                    "Set " + SettingNames.INTERVAL + ", .min-pause or .timeout instead."),
            always(
                    "transaction.two.phase.commit.enable",
                    "a transaction without a time-out would hold up the readers of a dead worker's output for ever",
                    REMOVE),
            new ReservedKafkaSetting(
                    "enable.idempotence",
                    value -> value.equalsIgnoreCase("false"),
                    "results would be doubled or swapped when a request is retried",
                    REMOVE),
            new ReservedKafkaSetting(
                    "acks",
                    value -> !List.of("all", "-1").contains(value.toLowerCase(Locale.ROOT)),
                    "results could be lost with a broker that had acknowledged only them",
                    "Write all, or remove it."),
            new ReservedKafkaSetting(
                    "retries",
                    value -> value.equals("0"),
                    "an idempotent producer has to retry",
                    "Remove it, and limit the time with kafka.delivery.timeout.ms."),
            new ReservedKafkaSetting(
                    "max.in.flight.requests.per.connection",
                    ReservedKafkaSetting::isMoreThanFive,
                    "an idempotent producer keeps the order of at most 5 requests",
                    "Write a number from 1 to 5, or remove it."));

    /** The problem that a client's setting is, if it is one. */
    static Optional<Problem> problemOf(String name, String value) {
        return ALL.stream()
                .filter(reserved ->
                        reserved.name().equals(name) && reserved.refused().test(value))
                .findFirst()
                .map(reserved -> Problem.ofValue("kafka." + name, value, reserved.cause(), reserved.wayOut()));
    }

    private static ReservedKafkaSetting always(String name, String cause, String wayOut) {
        return new ReservedKafkaSetting(name, value -> true, cause, wayOut);
    }

    private static ReservedKafkaSetting serde(String name) {
        return always(name, "the processor declares how records are read and written", REMOVE);
    }

    private static boolean isMoreThanFive(String value) {
        try {
            return Integer.parseInt(value) > 5;
        } catch (NumberFormatException e) {
            return false; // not a number at all, which is another problem
        }
    }
}
