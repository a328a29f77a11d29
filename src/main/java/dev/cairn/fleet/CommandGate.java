package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.KafkaSettings;
import dev.cairn.settings.SecuritySettings;

/**
 * Lets in the commands of the topic that workers of the job have signed, where they have a common secret; all, where they have none.
 *
 * <p>Anyone who writes to the topic can repeat what was signed once. So a command that says for longer what holds (pause and resume,
 * cancel and start) counts only if none was given after it, and a new one of another kind only for some minutes. What an earlier
 * worker was told and a later one has to know stays valid for any time. {@link #refusal} by one thread.
 */
@ApplicationScoped
public class CommandGate {

    private static final Logger LOG = Logger.getLogger(CommandGate.class);

    /** How far the clocks of two workers may be apart. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final Config config;
    private final Optional<String> secret;
    private final LongSupplier nanoTime;
    private final Map<Refusal, AtomicLong> counts = new EnumMap<>(Refusal.class);
    private final Map<String, Instant> newest = new HashMap<>();
    private volatile Optional<CommandSignature> signature = Optional.empty();
    private Optional<Long> warnedAt = Optional.empty();
    private long unsaid;

    /** Why a command is ignored. */
    public enum Refusal {
        /** It carries no signature. */
        UNSIGNED("it is not signed"),
        /** Its signature is that of another secret, job, cluster or content. */
        FORGED("its signature is not that of a worker of this job which has the same " + SettingNames.PEER_SECRET),
        /** It was given long ago, or before one that counts. */
        OUTDATED("it was given too long ago, before another one that counts, or by a clock that is ahead"),
        /** It has been followed before. */
        REPEATED("it has been there before");

        private final String why;

        Refusal(String why) {
            this.why = why;
        }
    }

    @Inject
    CommandGate(Config config) {
        this(config, SecuritySettings.of(config).peerSecret(), System::nanoTime);
    }

    CommandGate(Config config, Optional<String> secret, LongSupplier nanoTime) {
        this.config = config;
        this.secret = secret;
        this.nanoTime = nanoTime;
        for (Refusal refusal : Refusal.values()) {
            counts.put(refusal, new AtomicLong());
        }
    }

    /**
     * Finds out whose commands are let in; before any is signed or looked at. Blocks.
     *
     * @throws ExecutionException when Kafka cannot be asked which cluster it is
     * @throws dev.cairn.settings.SettingsException when the settings name no job
     */
    void open(FleetTopics topics) throws ExecutionException, InterruptedException {
        if (secret.isPresent()) {
            var kafka = KafkaSettings.of(config);
            open(
                    JobSettings.of(config).name(),
                    kafka.isPresent() ? topics.clusterId(FleetChannels.COMMANDS, kafka.get()) : "");
        }
    }

    void open(String job, String clusterId) {
        signature = secret.map(text -> new CommandSignature(new SecretMac(text, "cairn-command-1"), job, clusterId));
    }

    /** The signature of a command of this worker; nothing where none is needed. */
    Optional<String> sign(Command command) {
        return signature.map(signing -> signing.of(command));
    }

    /** Why a command is not let in; nothing where it is. */
    Optional<Refusal> refusal(Command command, Optional<String> signed, CommandLog.Age age, Instant now) {
        if (signature.isEmpty()) {
            return Optional.empty();
        }
        if (signed.isEmpty()) {
            return Optional.of(Refusal.UNSIGNED);
        }
        if (!signature.get().isOf(command, signed.get())) {
            return Optional.of(Refusal.FORGED);
        }
        if (isOutdated(command, age, now)) {
            return Optional.of(Refusal.OUTDATED);
        }
        newest.merge(command.kind().key(), command.at(), (one, other) -> one.isAfter(other) ? one : other);
        return Optional.empty();
    }

    private boolean isOutdated(Command command, CommandLog.Age age, Instant now) {
        if (command.at().isAfter(now.plus(TOLERANCE))) {
            return true;
        }
        boolean isOld = command.at().isBefore(now.minus(MAX_AGE)) && age == CommandLog.Age.NEW;
        boolean isPassed = Optional.ofNullable(newest.get(command.kind().key()))
                .filter(last -> command.at().isBefore(last.minus(TOLERANCE)))
                .isPresent();
        return switch (command.kind()) {
            case PAUSE, RESUME -> isPassed;
            case CANCEL, START -> isPassed || isOld;
            case CHECKPOINT, SAVEPOINT -> isOld;
        };
    }

    /** A command was followed before: someone may have written it again, where commands are signed. */
    void repeated(MessagePosition position) {
        if (signature.isPresent()) {
            ignored(position, Refusal.REPEATED);
        }
    }

    /** Counts a command that is ignored, and says so once a minute. */
    void ignored(MessagePosition position, Refusal refusal) {
        counts.get(refusal).incrementAndGet();
        long now = nanoTime.getAsLong();
        if (warnedAt.filter(last -> now - last < BETWEEN_WARNINGS.toNanos()).isPresent()) {
            unsaid++;
            return;
        }
        LOG.warnf(
                "%s: ignored a command: %s%s. Give commands to a worker by REST, and let nothing but workers write to the"
                        + " topic",
                position, refusal.why, unsaid == 0 ? "" : "; " + unsaid + " others were ignored before");
        warnedAt = Optional.of(now);
        unsaid = 0;
    }

    /** How many commands were ignored for a reason. Thread-safe. */
    public long count(Refusal refusal) {
        return counts.get(refusal).get();
    }
}
