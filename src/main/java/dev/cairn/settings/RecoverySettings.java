package dev.cairn.settings;

import java.util.Optional;

import dev.cairn.checkpoint.protocol.InputsDecision.OnOtherCluster;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.protocol.RestoreDecision.OnReset;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/** What to start from, and what to do when a partition cannot simply be restored. Immutable. */
public final class RecoverySettings {

    static final SettingGroup GROUP = new SettingGroup();

    private final SettingValues values;

    RecoverySettings(SettingValues values) {
        this.values = values;
    }

    static final Setting<Optional<String>> RECOVERY_PATH = GROUP.add(
            SettingNames.RECOVERY_PATH,
            Fallback.none(),
            "Start from here, once: a savepoint, a job's directory (the newest checkpoint of every partition), or one"
                    + " checkpoint's directory or `_metadata`. A restart does not go back to it.",
            Parsers.optional(Parsers.storageDirectory()));

    /** A savepoint, a job's directory or a checkpoint to start from, once. */
    public Optional<String> path() {
        return values.get(RECOVERY_PATH);
    }

    static final Setting<Optional<String>> RECOVERY_AGAIN = GROUP.add(
            SettingNames.RECOVERY_AGAIN,
            Fallback.none(),
            "A text, such as `2`, that was not used before lets the job start from `" + SettingNames.RECOVERY_PATH
                    + "` once more. A" + " restart with the same text does not go back again.",
            Parsers.optional(Parsers.name()));

    /** Tells several starts from the same path apart. */
    public Optional<String> again() {
        return values.get(RECOVERY_AGAIN);
    }

    static final Setting<ClaimMode> CLAIM_MODE = GROUP.add(
            SettingNames.CLAIM_MODE,
            Fallback.of("NO_CLAIM"),
            "Whose that is afterwards: `NO_CLAIM` leaves it untouched, `CLAIM` deletes it once the job's own checkpoints do"
                    + " not need it.",
            Parsers.oneOf(ClaimMode.class));

    /** Whose that is afterwards. */
    public ClaimMode claimMode() {
        return values.get(CLAIM_MODE);
    }

    static final Setting<Boolean> IGNORE_UNCLAIMED_STATE = GROUP.add(
            SettingNames.IGNORE_UNCLAIMED_STATE,
            Fallback.of("false"),
            "Whether the job starts although it was restored with state that its processor does not declare (`true`); that"
                    + " state is carried on unread.",
            Parsers.bool());

    /** Whether restored state that the processor does not declare is no reason to stop. */
    public boolean ignoreUnclaimedState() {
        return values.get(IGNORE_UNCLAIMED_STATE);
    }

    static final Setting<OnReset> ON_RESET = GROUP.add(
            SettingNames.ON_RESET,
            Fallback.of("park"),
            "A partition whose committed offset someone changed: `park` waits for a decision, `use-checkpoint` goes back"
                    + " to the newest checkpoint, `fresh-state` starts there with empty state.",
            Parsers.oneOf(OnReset.class));

    /** When someone moved the group's committed offset away from its checkpoint. */
    public OnReset onReset() {
        return values.get(ON_RESET);
    }

    static final Setting<OnDamage> ON_DAMAGE = GROUP.add(
            SettingNames.ON_DAMAGE,
            Fallback.of("park"),
            "A partition whose checkpoint is missing or damaged: `park` waits for a decision, `use-older` goes back to the"
                    + " newest older one that is whole.",
            Parsers.oneOf(OnDamage.class));

    /** When the checkpoint that the group names is missing or damaged. */
    public OnDamage onDamage() {
        return values.get(ON_DAMAGE);
    }

    static final Setting<OnLostInput> ON_LOST_INPUT = GROUP.add(
            SettingNames.ON_LOST_INPUT,
            Fallback.of("park"),
            "A partition whose input was deleted below its position: `park` waits for a decision, `skip` continues with its"
                    + " state at the first record that is still there.",
            Parsers.oneOf(OnLostInput.class));

    /** When the input no longer has the position to continue from. */
    public OnLostInput onLostInput() {
        return values.get(ON_LOST_INPUT);
    }

    static final Setting<OnRecreatedInput> ON_RECREATED_INPUT = GROUP.add(
            SettingNames.ON_RECREATED_INPUT,
            Fallback.of("park"),
            "A partition whose input topic was deleted and created again: `park` waits for a decision, `keep-state` reads"
                    + " the new topic from its beginning with the state, `fresh-state` with empty state.",
            Parsers.oneOf(OnRecreatedInput.class));

    /** When an input topic was deleted and created again. */
    public OnRecreatedInput onRecreatedInput() {
        return values.get(ON_RECREATED_INPUT);
    }

    static final Setting<OnOtherCluster> ON_OTHER_CLUSTER = GROUP.add(
            SettingNames.ON_OTHER_CLUSTER,
            Fallback.of("park"),
            "A partition whose checkpoint was taken on another Kafka cluster: `park` waits for a decision, `accept`"
                    + " continues at the recorded offsets of the topics here.",
            Parsers.oneOf(OnOtherCluster.class));

    /** When the checkpoint was taken on another Kafka cluster. */
    public OnOtherCluster onOtherCluster() {
        return values.get(ON_OTHER_CLUSTER);
    }

    static final Setting<OnEndedJob> ON_ENDED_JOB = GROUP.add(
            "cairn.recovery.on-ended-job",
            Fallback.of("exit"),
            "A worker that is started though its job was stopped or cancelled: `exit` ends it with an error, `wait` lets it"
                    + " wait, alive but not ready, until `job start`.",
            Parsers.oneOf(OnEndedJob.class));

    /** When the job was stopped or cancelled, and not started again. */
    public OnEndedJob onEndedJob() {
        return values.get(ON_ENDED_JOB);
    }
}
