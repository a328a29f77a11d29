package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

class GroupJudgeTest {

    private static final SortedMap<Integer, String> NONE = new TreeMap<>();

    @Test
    void shouldBeRunningWithMembersThatHaveEveryPartition() {
        // When
        Judgement judgement =
                GroupJudge.judge(new GroupFacts(Optional.of(2), Optional.of(new TreeSet<>()), 2, NONE, true));

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.RUNNING);
        assertThat(judgement.unknown()).containsExactly(GroupJudge.WORKERS);
    }

    @Test
    void shouldBeStoppedWithoutMembers() {
        // When
        Judgement judgement = GroupJudge.judge(
                new GroupFacts(Optional.of(0), Optional.of(new TreeSet<>(List.of("in-0", "in-1"))), 2, NONE, true));

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.STOPPED);
        assertThat(judgement.text()).isEqualTo("no worker runs the job: its group has no member");
        assertThat(judgement.unknown()).isEmpty();
    }

    @Test
    void shouldNamePartitionsThatNoMemberHas() {
        // When
        Judgement judgement = GroupJudge.judge(
                new GroupFacts(Optional.of(1), Optional.of(new TreeSet<>(List.of("in-1"))), 2, NONE, true));

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.DEGRADED);
        assertThat(judgement.text()).isEqualTo("no worker has in-1");
    }

    @Test
    void shouldTellOneThatCannotContinueFromAll() {
        // Given
        SortedMap<Integer, String> stuck = new TreeMap<>();
        stuck.put(1, "chk-7 is damaged");

        // When
        Judgement one = GroupJudge.judge(new GroupFacts(Optional.of(0), Optional.empty(), 2, stuck, false));
        Judgement all = GroupJudge.judge(new GroupFacts(Optional.empty(), Optional.empty(), 1, stuck, false));

        // Then
        assertThat(one.state()).isEqualTo(JobState.DEGRADED);
        assertThat(all.state()).isEqualTo(JobState.PARKED);
        assertThat(all.text()).isEqualTo("partition 1 cannot continue: chk-7 is damaged");
        assertThat(all.unknown()).containsExactly(Judgement.OWNERS, Judgement.LAG, GroupJudge.WORKERS);
    }
}
