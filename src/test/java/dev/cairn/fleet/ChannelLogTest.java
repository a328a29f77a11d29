package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;

import org.junit.jupiter.api.Test;

class ChannelLogTest {

    @Test
    void shouldKnowTheLinesOfTheFleetsChannels() {
        assertThat(ChannelLog.isOfTheFleet(
                        line("Unable to write to Kafka from channel %s (topic: %s)", "cairn-events-out", "t")))
                .isTrue();
        assertThat(ChannelLog.isOfTheFleet(
                        line("[Consumer clientId=kafka-consumer-cairn-commands] Received unknown topic")))
                .isTrue();
    }

    @Test
    void shouldLeaveTheLinesOfOtherChannels() {
        assertThat(ChannelLog.isOfTheFleet(line("Unable to write to Kafka from channel %s", "alerts", null)))
                .isFalse();
        assertThat(ChannelLog.isOfTheFleet(line(null))).isFalse();
    }

    private static LogRecord line(String message, Object... parameters) {
        LogRecord line = new LogRecord(Level.SEVERE, message);
        line.setParameters(parameters);
        return line;
    }
}
