package dev.cairn.fleet;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.cairn.state.EntryPage;
import dev.cairn.state.StateDescriptor;
import dev.cairn.worker.StateAnswer;

/**
 * What a worker answers another.
 *
 * @param job the job that it belongs to
 * @param worker its instance
 * @param results in the order of the question
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record StateReply(String job, String worker, List<Result> results) {

    /** Kinds of answers. */
    public enum Outcome {
        /** It has a value. */
        FOUND,
        /** It has entries. */
        ENTRIES,
        /** It has none. */
        ABSENT,
        /** It cannot be determined now. */
        UNAVAILABLE,
        /** The state cannot be asked this. */
        REFUSED,
        /** The job keeps no such state. */
        NO_SUCH_STATE
    }

    /**
     * An answer.
     *
     * @param outcome of which kind
     * @param value where one is found, as its serializer wrote it
     * @param page where entries are found
     * @param state what was asked, where something is found
     * @param why where nothing can be said
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    public record Result(Outcome outcome, byte[] value, EntryPage page, StateDescriptor state, String why) {

        static Result of(StateAnswer answer) {
            if (answer instanceof StateAnswer.Found found) {
                return new Result(Outcome.FOUND, found.value(), null, found.state(), null);
            } else if (answer instanceof StateAnswer.FoundEntries found) {
                return new Result(Outcome.ENTRIES, null, found.page(), found.state(), null);
            } else if (answer instanceof StateAnswer.Unavailable unavailable) {
                return new Result(Outcome.UNAVAILABLE, null, null, null, unavailable.why());
            } else if (answer instanceof StateAnswer.Refused refused) {
                return new Result(Outcome.REFUSED, null, null, null, refused.why());
            }
            Outcome none = answer instanceof StateAnswer.Absent ? Outcome.ABSENT : Outcome.NO_SUCH_STATE;
            return new Result(none, null, null, null, null);
        }

        StateAnswer toAnswer() {
            boolean sound = outcome != null
                    && (outcome != Outcome.FOUND || (value != null && state != null))
                    && (outcome != Outcome.ENTRIES || (page != null && state != null));
            if (!sound) {
                return StateAnswer.Unavailable.because("the worker that has it answers strangely");
            }
            return switch (outcome) {
                case FOUND -> new StateAnswer.Found(value, state);
                case ENTRIES -> new StateAnswer.FoundEntries(page, state);
                case ABSENT -> new StateAnswer.Absent();
                case UNAVAILABLE -> StateAnswer.Unavailable.because(why == null ? "" : why);
                case REFUSED -> new StateAnswer.Refused(why == null ? "" : why);
                case NO_SUCH_STATE -> new StateAnswer.NoSuchState();
            };
        }
    }
}
