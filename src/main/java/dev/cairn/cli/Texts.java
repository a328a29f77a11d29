package dev.cairn.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.state.StateDescriptor;

/** Values as people read them. */
final class Texts {

    private Texts() {}

    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** In the two largest units that it fills. */
    static String age(Duration age) {
        if (age.toMinutes() == 0) {
            return age.toSeconds() + "s";
        }
        if (age.toHours() == 0) {
            return age.toMinutes() + "m " + age.toSecondsPart() + "s";
        }
        return age.toDays() == 0
                ? age.toHours() + "h " + age.toMinutesPart() + "m"
                : age.toDays() + "d " + age.toHoursPart() + "h";
    }

    static String end(JobEnd end) {
        return end.kind().name().toLowerCase(Locale.ROOT) + " at " + time(end.at())
                + (end.savepoint() == null ? "" : ", with the savepoint " + end.savepoint());
    }

    static String positions(List<InputPosition> positions) {
        return positions.stream()
                .map(position -> position.topic() + "=" + position.offset())
                .collect(Collectors.joining(" "));
    }

    static String states(List<StateDescriptor> states) {
        return states.stream()
                .filter(state -> !state.isIndex())
                .map(StateDescriptor::name)
                .collect(Collectors.joining(" "));
    }

    static String committed(CommitProof proof) {
        return switch (proof) {
            case MARKED -> "yes, marked";
            case PARENT -> "yes, parent";
            case NONE -> "not known";
        };
    }
}
