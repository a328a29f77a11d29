package dev.cairn.fleet;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;

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
        /** It has none. */
        ABSENT,
        /** It cannot be determined now. */
        UNAVAILABLE,
        /** The job keeps no such state. */
        NO_SUCH_STATE
    }

    /**
     * An answer.
     *
     * @param outcome of which kind
     * @param value where one is found, as its serializer wrote it
     * @param serializer what that was
     * @param why where nothing can be said
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    public record Result(Outcome outcome, byte[] value, String serializer, String why) {

        static Result of(StateAnswer answer) {
            if (answer instanceof StateAnswer.Found found) {
                return new Result(Outcome.FOUND, found.value(), found.state().serializer(), null);
            } else if (answer instanceof StateAnswer.Unavailable unavailable) {
                return new Result(Outcome.UNAVAILABLE, null, null, unavailable.why());
            }
            return new Result(
                    answer instanceof StateAnswer.Absent ? Outcome.ABSENT : Outcome.NO_SUCH_STATE, null, null, null);
        }

        StateAnswer toAnswer(String state) {
            if (outcome == null || (outcome == Outcome.FOUND && (value == null || serializer == null))) {
                return StateAnswer.Unavailable.because("the worker that has it answers strangely");
            }
            return switch (outcome) {
                case FOUND -> new StateAnswer.Found(value, new StateDescriptor(state, "value", serializer, 0));
                case ABSENT -> new StateAnswer.Absent();
                case UNAVAILABLE -> StateAnswer.Unavailable.because(why == null ? "" : why);
                case NO_SUCH_STATE -> new StateAnswer.NoSuchState();
            };
        }
    }
}
