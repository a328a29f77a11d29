package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationLookupTest {

    private final Instant now = Instant.now();
    private final Instant longAgo = now.minus(Duration.ofMinutes(5));
    private final FleetEvent.OperationStands.Outcome done =
            new FleetEvent.OperationStands.Outcome(now, "file:/savepoint", "", "", "remark");

    private final Operations operations = new Operations();
    private Set<String> members = Set.of("a", "b");
    private final OperationLookup lookup = new OperationLookup(operations, () -> members);

    @AfterEach
    void stop() {
        operations.stop(null);
    }

    @Test
    void shouldKnowWhatOthersHaveTold() {
        // When
        tell("b", "1", now, null);

        // Then
        assertThat(find("1").orElseThrow().state()).isEqualTo(Operation.State.IN_PROGRESS);

        // When
        tell("b", "1", now, done);
        tell("b", "1", now, null);

        // Then: what has ended does not begin again
        Operation ended = find("1").orElseThrow();
        assertThat(ended.state()).isEqualTo(Operation.State.COMPLETED);
        assertThat(ended.location()).contains("file:/savepoint");
        assertThat(ended.remark()).contains("remark");
        assertThat(ended.failure()).isEmpty();
    }

    @Test
    void shouldWaitAMomentForWhatIsOnItsWay() throws Exception {
        // When
        CompletableFuture<Optional<Operation>> asked = lookup.find("1").toCompletableFuture();
        assertThat(asked).isNotDone();
        tell("b", "1", now, null);

        // Then
        assertThat(asked.get(1, TimeUnit.SECONDS)).isPresent();
        assertThat(find("nothing")).isEmpty();
    }

    @Test
    void shouldShowAsFailedWhatAWorkerThatIsGoneWillNotEnd() {
        // Given
        tell("c", "old", longAgo, null);
        tell("c", "new", now, null);
        tell("b", "running", longAgo, null);

        // Then
        assertThat(find("old").orElseThrow().failure().orElseThrow().message()).contains("has ended meanwhile");
        assertThat(find("new").orElseThrow().state()).isEqualTo(Operation.State.IN_PROGRESS);
        assertThat(find("running").orElseThrow().state()).isEqualTo(Operation.State.IN_PROGRESS);

        // When: no one knows who is a member
        members = Set.of();

        // Then
        assertThat(find("old").orElseThrow().state()).isEqualTo(Operation.State.IN_PROGRESS);
    }

    @Test
    void shouldEndWhatThisWorkerBeganBeforeItsLastStart() {
        // Given
        List<Operation> told = new ArrayList<>();
        operations.tell(told::add);
        tell("a", "left", now, null);
        tell("a", "done", now, null);
        tell("a", "done", now, done);
        tell("b", "of-another", now, null);

        // When
        operations.endThoseLeftBehind();

        // Then
        assertThat(told).singleElement().satisfies(operation -> {
            assertThat(operation.id()).isEqualTo("left");
            assertThat(operation.failure()).isPresent();
        });
        assertThat(find("left").orElseThrow().state()).isEqualTo(Operation.State.COMPLETED);
        assertThat(find("of-another").orElseThrow().state()).isEqualTo(Operation.State.IN_PROGRESS);
    }

    @Test
    void shouldKeepABoundedNumber() {
        // When
        for (int i = 0; i < 3_000; i++) {
            tell("b", "ended-" + i, now, done);
            tell("b", "open-" + i, now, null);
        }

        // Then
        assertThat(operations.get("ended-2999")).isPresent();
        assertThat(operations.get("ended-2000")).isEmpty();
        assertThat(operations.get("open-2999")).isPresent();
        assertThat(operations.get("open-1000")).isEmpty();
    }

    private Optional<Operation> find(String id) {
        return lookup.find(id).toCompletableFuture().join();
    }

    private void tell(String worker, String id, Instant at, FleetEvent.OperationStands.Outcome outcome) {
        operations.add(new FleetEvent.OperationStands(worker, id, Operation.Kind.SAVEPOINT, at, outcome), "a");
    }
}
