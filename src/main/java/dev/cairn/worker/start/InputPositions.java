package dev.cairn.worker.start;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.InputStart;
import dev.cairn.settings.OnLostInput;
import dev.cairn.settings.Settings;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopic;

/** At which offsets a partition's inputs continue, checked against what the logs hold. */
record InputPositions(Settings settings) {

    private static final Logger LOG = Logger.getLogger(InputPositions.class);

    /**
     * Where a checkpoint's inputs continue; a topic that was added since starts where the settings say.
     *
     * @param again topics that are read from their beginning
     * @throws UnfitException when the log does not have that position any more, or never had
     */
    Map<String, Long> recordedBy(CheckpointMetadata checkpoint, InputFacts facts, Set<String> again) {
        Map<String, InputPosition> recorded = new HashMap<>();
        checkpoint.positions().forEach(position -> recorded.put(position.topic(), position));
        Map<String, Long> positions = new HashMap<>();
        for (TopicPartition input : facts.inputs()) {
            String topic = input.topic();
            GroupOffsets.Bounds log = facts.bounds(input);
            InputPosition position = recorded.get(topic);
            if (again.contains(topic)) {
                positions.put(topic, log.start());
            } else if (recorded.isEmpty()) {
                LOG.infof("%s is read from its beginning, as the savepoint was rescaled for a new topic", input);
                positions.put(topic, log.start());
            } else if (position == null) {
                LOG.infof(
                        "%s is a new input of the job and starts at %s",
                        input, settings.job().inputStart());
                positions.put(topic, startOf(log));
            } else {
                positions.put(topic, checked(input, position, facts.topics().get(topic), log));
            }
        }
        return positions;
    }

    /**
     * Where inputs without a checkpoint start.
     *
     * @param again topics that are read from their beginning where the group has nothing
     * @throws UnfitException when the log does not have that position any more, or never had
     */
    Map<String, Long> withoutCheckpoint(InputFacts facts, Set<String> again) {
        Map<String, Long> positions = new HashMap<>();
        for (TopicPartition input : facts.inputs()) {
            GroupOffsets.Bounds log = facts.bounds(input);
            OffsetAndMetadata offset = facts.committed().get(input);
            long start = again.contains(input.topic()) ? log.start() : startOf(log);
            positions.put(input.topic(), offset == null ? start : checked(input, offset.offset(), log));
        }
        return positions;
    }

    private long checked(TopicPartition input, InputPosition position, InputTopic topic, GroupOffsets.Bounds log) {
        if (position.offset() <= log.end() || topic.id().equals(position.topicId())) {
            return checked(input, position.offset(), log);
        }
        String what = "the recorded position " + position.offset() + " of " + input + " lies behind the log's end "
                + log.end() + ": this is not the topic that the checkpoint was taken of";
        if (position.topicId() != null) {
            throw new UnfitException(what + ", nor a copy of it that has all of its records. Copy the rest");
        }
        if (settings.recovery().onRecreatedInput() != OnRecreatedInput.KEEP_STATE) {
            throw new UnfitException(what + ". To read this one from its beginning with the state, set" + " "
                    + SettingNames.ON_RECREATED_INPUT + "=keep-state");
        }
        LOG.warnf("%s; it is read from its beginning on purpose", what);
        return log.start();
    }

    /** Within a log that is known or believed to be the one that was read. */
    private long checked(TopicPartition input, long offset, GroupOffsets.Bounds log) {
        if (offset >= log.start() && offset <= log.end()) {
            return offset;
        }
        long next = offset < log.start() ? log.start() : log.end();
        String lost = offset < log.start()
                ? "the input was deleted below the position: " + input + " begins at " + log.start()
                        + ", the position is " + offset + ", so " + (log.start() - offset) + " offsets are lost"
                : "the input has lost its end: " + input + " ends at " + log.end() + ", the position is " + offset
                        + ", so the state knows of " + (offset - log.end()) + " offsets that are gone";
        if (settings.recovery().onLostInput() == OnLostInput.PARK) {
            throw new UnfitException(lost + ". To accept that and continue at " + next + ", set "
                    + SettingNames.ON_LOST_INPUT + "=skip");
        }
        LOG.warnf("%s; continues at %d on purpose", lost, next);
        return next;
    }

    private long startOf(GroupOffsets.Bounds log) {
        return settings.job().inputStart() == InputStart.EARLIEST ? log.start() : log.end();
    }

    /**
     * With transactions, offsets and pointer are committed together: if they differ, someone else wrote the offsets.
     *
     * @throws UnfitException when they do
     */
    void checkCommitted(CheckpointMetadata checkpoint, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (settings.checkpoints().mode() == CheckpointMode.AT_LEAST_ONCE) {
            return;
        }
        for (InputPosition position : checkpoint.positions()) {
            TopicPartition input = new TopicPartition(position.topic(), checkpoint.partition());
            OffsetAndMetadata offset = committed.get(input);
            if (offset != null && offset.offset() != position.offset()) {
                throw new UnfitException(
                        "the group's offset " + offset.offset() + " of " + input + " is not the one of "
                                + checkpoint.id() + ", " + position.offset()
                                + ": someone changed it. Set it back, or reset it without metadata and set"
                                + " " + SettingNames.ON_RESET);
            }
        }
    }

    /** What a checkpoint says. */
    static Map<String, Long> recorded(CheckpointMetadata checkpoint) {
        Map<String, Long> recorded = new HashMap<>();
        checkpoint.positions().forEach(position -> recorded.put(position.topic(), position.offset()));
        return recorded;
    }
}
