package dev.cairn.worker.loop;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.StateDescriptor;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.start.StartedPartition;

/**
 * The state of a partition that is running, as others than its loop may see it.
 *
 * @param database holds what is committed; any thread may read values
 * @param current holds what is processed; on the loop's thread only
 * @param states what there is, by name
 * @param partitionCount of the inputs, when the partition was started
 */
public record OpenState(
        PartitionDatabase database, KeyedState current, Map<String, StateDescriptor> states, int partitionCount) {

    static OpenState of(StartedPartition.Opened opened) {
        return new OpenState(
                opened.ready().restored().database(),
                opened.state(),
                opened.state().descriptors().stream()
                        .filter(state -> !state.isIndex())
                        .collect(Collectors.toUnmodifiableMap(StateDescriptor::name, Function.identity())),
                opened.ready().topics().values().stream()
                        .mapToInt(InputTopic::partitionCount)
                        .max()
                        .orElse(0));
    }
}
