package dev.cairn.checkpoint.protocol;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.names.SettingNames;

/**
 * Whether a checkpoint's positions mean anything in the topics that are there now: the protocol's table, as a pure function.
 * Names are reused by people; ids are not.
 *
 * <table>
 *   <caption>What decides, for the recorded topics that the job still reads</caption>
 *   <tr><th>cluster</th><th>topics</th><th>then</th></tr>
 *   <tr><td>the same, or not recorded</td><td>the same, or not recorded</td><td>continue</td></tr>
 *   <tr><td>the same, or not recorded</td><td>some have another id</td><td>park, unless the setting decides: read these from
 *       their beginning, with the state or with empty state</td></tr>
 *   <tr><td>another</td><td>any</td><td>park, unless the setting decides: continue at the recorded positions, from a copy
 *       </td></tr>
 * </table>
 */
public sealed interface InputsDecision {

    /** Continue at the recorded positions. */
    record Continue() implements InputsDecision {}

    /** Continue at the recorded positions, and share nothing with the checkpoint: it belongs to another cluster. */
    record ContinueFromCopy(String why) implements InputsDecision {}

    /** Read these topics from their beginning, and the others from the recorded positions, with the restored state. */
    record ReadAgain(Set<String> topics, String why) implements InputsDecision {}

    /** As {@link ReadAgain}, but with empty state. */
    record StartEmpty(Set<String> topics, String why) implements InputsDecision {}

    /** Park the partition until a person has decided. */
    record Park(String cause) implements InputsDecision {}

    /** What to do when an input topic was deleted and created again. */
    enum OnRecreatedInput {
        /** The partition waits for a decision; the others keep running. */
        PARK,
        /** The new topic is read from its beginning, with the state of the checkpoint. */
        KEEP_STATE,
        /** The new topic is read from its beginning, with empty state. */
        FRESH_STATE
    }

    /** What to do when a checkpoint was taken on another Kafka cluster. */
    enum OnOtherCluster {
        /** The partition waits for a decision; the others keep running. */
        PARK,
        /** The recorded positions are those of the same topics here. */
        ACCEPT
    }

    /**
     * Decides.
     *
     * @param checkpoint what the partition would continue from
     * @param clusterId of the cluster that is there now; empty where it does not say
     * @param topicIds of the job's inputs now, by topic
     */
    static InputsDecision decide(
            CheckpointMetadata checkpoint,
            String clusterId,
            Map<String, String> topicIds,
            OnRecreatedInput onRecreated,
            OnOtherCluster onOtherCluster) {
        Set<String> known = new TreeSet<>();
        Set<String> recreated = new TreeSet<>();
        for (InputPosition position : checkpoint.positions()) {
            String now = topicIds.get(position.topic());
            if (now != null) {
                known.add(position.topic());
                if (position.topicId() != null && !position.topicId().equals(now)) {
                    recreated.add(position.topic());
                }
            }
        }
        if (known.isEmpty()) {
            return new Continue();
        }
        if (checkpoint.isOfAnotherCluster(clusterId)) {
            String why = checkpoint.id() + " was taken on the Kafka cluster "
                    + checkpoint.clusterId().orElseThrow() + ", and this is the cluster " + clusterId;
            return switch (onOtherCluster) {
                case PARK ->
                    new Park(why + ". If the job has moved, and its topics have the same records at the same offsets"
                            + " here, set " + SettingNames.ON_OTHER_CLUSTER
                            + "=accept. If it is another job, give it another"
                            + " " + SettingNames.JOB + " or " + SettingNames.CHECKPOINTS_DIR);
                case ACCEPT -> new ContinueFromCopy(why);
            };
        }
        if (recreated.isEmpty()) {
            return new Continue();
        }
        String why = "the input " + String.join(", ", recreated) + " was deleted and created again since "
                + checkpoint.id() + " of partition " + checkpoint.partition() + " was taken";
        return switch (onRecreated) {
            case PARK ->
                new Park(why + ": the recorded position means nothing in the new topic. To read the new topic from its"
                        + " beginning, set " + SettingNames.ON_RECREATED_INPUT
                        + "=keep-state, or =fresh-state to start with"
                        + " empty state");
            case KEEP_STATE -> new ReadAgain(recreated, why);
            case FRESH_STATE -> new StartEmpty(recreated, why);
        };
    }
}
