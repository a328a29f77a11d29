package dev.cairn.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SendResultsTest {

    private final SendResults results = new SendResults();

    @Test
    @Tag("rule-C22")
    void shouldNotBlameTheRecordBehindRefusedOne() {
        // Given
        SendResults.Origin[] sent = send(3);

        // When
        sent[1].onCompletion(null, new InvalidTimestampException("the timestamp is out of range"));
        sent[2].onCompletion(null, new InvalidTimestampException("some records of the batch were refused"));

        // Then
        assertThat(results.refusals()).extracting(Refusal::offset).containsExactly(1L);
        assertThat(results.refusals()).allMatch(Refusal::certain);
    }

    @Test
    void shouldNotBlameTheLastButOneEither() {
        // Given
        SendResults.Origin[] sent = send(4);

        // When
        sent[0].onCompletion(null, new InvalidRecordException("no key"));
        sent[2].onCompletion(null, new InvalidRecordException("some records of the batch were refused"));
        sent[3].onCompletion(null, new InvalidRecordException("another answer"));

        // Then
        assertThat(results.refusals()).extracting(Refusal::offset).containsExactly(0L);
    }

    @Test
    void shouldBlameEachRecordThatTheBrokerNames() {
        // Given
        SendResults.Origin[] sent = send(6);

        // When
        sent[0].onCompletion(null, new KafkaException("Failed to append record because it was part of a batch"));
        sent[1].onCompletion(null, new InvalidRecordException("no key"));
        sent[3].onCompletion(null, new InvalidRecordException("no key"));

        // Then
        assertThat(results.refusals()).extracting(Refusal::offset).containsExactlyInAnyOrder(1L, 3L);
        assertThat(results.refusals()).allMatch(Refusal::certain);
    }

    @Test
    void shouldSuspectAllRecordsOfBatchWhereTheBrokerNamesNone() {
        // Given
        SendResults.Origin[] sent = send(3);
        RecordTooLargeException answer = new RecordTooLargeException("the batch is too large");

        // When
        for (SendResults.Origin each : sent) {
            each.onCompletion(null, answer);
        }

        // Then
        assertThat(results.refusals()).extracting(Refusal::offset).containsExactly(0L, 1L, 2L);
        assertThat(results.refusals()).noneMatch(Refusal::certain);
    }

    @Test
    void shouldBlameTheOnlyRecordOfTheFirstBatchThoughItIsTheLast() {
        // Given
        SendResults.Origin[] sent = send(1);

        // When
        sent[0].onCompletion(null, new RecordTooLargeException("too large"));

        // Then
        assertThat(results.refusals()).singleElement().matches(Refusal::certain);
    }

    private SendResults.Origin[] send(int count) {
        SendResults.Origin[] origins = LongStream.range(0, count)
                .mapToObj(offset -> results.of(new ConsumerRecord<>("in", 0, offset, new byte[0], new byte[0])))
                .toArray(SendResults.Origin[]::new);
        for (SendResults.Origin origin : origins) {
            results.sent(origin);
        }
        return origins;
    }
}
