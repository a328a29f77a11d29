package dev.cairn.worker.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How often Kafka is asked about the partitions of an assignment. */
class AssignedInputsTest {

    private static final int PARTITIONS = 100;

    private final List<List<TopicPartition>> questions = new ArrayList<>();
    private final AssignedInputs assigned = new AssignedInputs(this::answer);

    @Test
    void shouldAskOnceForAllPartitionsOfAnAssignment() {
        // Given
        assigned.of(assignment(PARTITIONS));

        // When
        List<InputFacts> facts = IntStream.range(0, PARTITIONS)
                .mapToObj(
                        partition -> assigned.take(partition, inputs(partition)).orElseThrow())
                .toList();

        // Then
        assertThat(questions).hasSize(1);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(facts.get(partition).inputs()).isEqualTo(inputs(partition));
            assertThat(facts.get(partition).committed()).containsOnlyKeys(inputs(partition));
        }
    }

    @Test
    @Tag("rule-R2")
    void shouldLetOnlyTheFirstAttemptUseTheAnswer() {
        // Given
        assigned.of(assignment(2)).run();

        // When
        assertThat(assigned.take(0, inputs(0))).isPresent();

        // Then
        assertThat(assigned.take(0, inputs(0))).isEmpty();
        assertThat(assigned.take(1, inputs(1))).isPresent();
    }

    @Test
    void shouldForgetTheAnswerForAnEarlierAssignment() {
        // Given
        assigned.of(assignment(2)).run();

        // When
        assigned.of(assignment(1));
        assertThat(assigned.take(0, inputs(0))).isPresent();

        // Then
        assertThat(questions).containsExactlyInAnyOrder(all(2), all(1));
    }

    @Test
    void shouldLeaveAPartitionToItsOwnQuestionWhenOneOfAllHoldsUpTheAnswer() {
        // Given
        AssignedInputs heldUp = new AssignedInputs(inputs -> {
            throw new TimeoutException("a transaction is pending");
        });

        // When
        heldUp.of(assignment(2)).run();

        // Then
        assertThat(heldUp.take(0, inputs(0))).isEmpty();
        assertThat(heldUp.take(1, inputs(1))).isEmpty();
    }

    @Test
    void shouldNotUseAnAnswerThatLacksAnInput() {
        // Given
        assigned.of(assignment(1)).run();
        List<TopicPartition> more = List.of(new TopicPartition("clicks", 0), new TopicPartition("added", 0));

        // When, Then
        assertThat(assigned.take(0, more)).isEmpty();
    }

    private InputFacts answer(List<TopicPartition> inputs) {
        questions.add(inputs.stream().sorted(AssignedInputsTest::byNumber).toList());
        return new InputFacts(
                inputs,
                Map.of(),
                inputs.stream().collect(Collectors.toMap(input -> input, input -> new OffsetAndMetadata(1))),
                Map.of());
    }

    private static int byNumber(TopicPartition one, TopicPartition other) {
        return Integer.compare(one.partition(), other.partition());
    }

    private static Map<Integer, List<TopicPartition>> assignment(int partitions) {
        return IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(partition -> partition, AssignedInputsTest::inputs));
    }

    private static List<TopicPartition> all(int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition("clicks", partition))
                .toList();
    }

    private static List<TopicPartition> inputs(int partition) {
        return List.of(new TopicPartition("clicks", partition));
    }
}
