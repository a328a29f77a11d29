package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;

/** What is made of the answers of workers, those of other versions included. */
class JobJudgementsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As version 0.1.0 answers. */
    private static final String OLDER = """
            {"instance":"worker-2","reachable":true,"self":true,"state":"RUNNING","version":"0.1.0","start-time":1,
             "records":2,"records-per-second":0.5,"lag":3,
             "loops":[{"name":"cairn-loop-0","state":"RUNNING","joined":true,"stalled":false,"last-turn":4}],
             "partitions":[0,1],"heap-used":5,"heap-max":6,"state-cache-hit-ratio":1.0,"checkpoints-in-progress":0,
             "partition-details":[{"partition":1,"worker":"worker-2","state":"%s","since":7,"lag":3,
               "inputs":[{"topic":"in","position":8,"committed":9,"lag":3}]%s}]}""";

    /** As a later version might. */
    private static final String NEWER = """
            {"instance":"worker-2","reachable":true,"self":true,"state":"RUNNING","lag":null,"loops":[],"partitions":[0,1],
             "condition":"BEWITCHED","reasons":[{"finding":"A_SPELL","state":"BEWITCHED","subject":"it","text":"it is under a spell",
             "more":1}],"unknown":["lag"],"more":{}}""";

    private final JobJudgements judgements = new JobJudgements(new AtomicLong()::get);

    @Test
    void shouldJudgeAWorkerOfAnOlderVersionByItsPartitions() throws IOException {
        // When
        Judgement well = judge(OLDER.formatted("RUNNING", ""));
        Judgement parked = judge(OLDER.formatted("PARKED", ",\"parked\":{\"cause\":\"chk-7 is damaged\"}"));

        // Then
        assertThat(well.state()).isEqualTo(JobState.RUNNING);
        assertThat(well.unknown()).singleElement().asString().contains("worker-2", "older version");
        assertThat(parked.state()).isEqualTo(JobState.PARKED);
        assertThat(parked.text()).isEqualTo("worker-2: partition 1 is parked: chk-7 is damaged");
    }

    @Test
    void shouldPassOnWhatAWorkerOfALaterVersionHasFound() throws IOException {
        // When
        Judgement judgement = judge(NEWER);

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.DEGRADED);
        assertThat(judgement.text()).isEqualTo("worker-2: it is under a spell");
    }

    @Test
    void shouldNameThePartitionsOfAWorkerThatDoesNotAnswer() {
        // When
        Judgement judgement =
                judgements.judge(List.of(WorkerView.unreachable("worker-2", null, List.of(1), "does not answer")), 2);

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.DEGRADED);
        assertThat(judgement.text())
                .isEqualTo(
                        "worker-2 does not answer; the group last gave it partition 1; partition 0 is moving: no worker"
                                + " has it at the moment");
    }

    @Test
    @Tag("rule-S9")
    void shouldSayThatALagIsNotKnown() throws IOException {
        // Given
        WorkerView away = WorkerView.unreachable("worker-2", null, List.of(), "does not answer");

        // When
        JsonNode shown = JSON.valueToTree(away);

        // Then
        assertThat(shown.has("lag")).isTrue();
        assertThat(shown.path("lag").isNull()).isTrue();
        assertThat(read(OLDER.formatted("RUNNING", "")).lag()).isEqualTo(3);
    }

    private Judgement judge(String answer) throws IOException {
        return judgements.judge(List.of(read(answer)), 2);
    }

    /** As a worker reads it. */
    private static WorkerView read(String answer) throws IOException {
        return CairnJson.readAnswer(answer.getBytes(StandardCharsets.UTF_8), WorkerView.class);
    }
}
