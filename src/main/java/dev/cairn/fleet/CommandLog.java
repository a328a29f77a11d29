package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What follows from the commands of a job, for a worker that reads them from their beginning: of the old ones, what still
 * holds; of the new ones, each, once. By one thread.
 */
final class CommandLog {

    /** A cancellation that no one was there to hear for so long is void: it may have been taken back since. */
    private static final Duration CANCEL_AGE = Duration.ofMinutes(1);

    /** How old a command is for a worker that reads it. */
    enum Age {
        /** It was there before. */
        OLD,
        /** It was given since. */
        NEW
    }

    private static final int REMEMBERED = 1_000;

    private final Consumer<Command> follow;
    private final Set<String> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private Optional<Command> lastOfState = Optional.empty();
    private Optional<Command> lastOfJob = Optional.empty();
    private boolean caughtUp;

    /** @param follow is given what has to be done now */
    CommandLog(Consumer<Command> follow) {
        this.follow = follow;
    }

    /**
     * The next command.
     *
     * @param age whether it was there before this worker looked
     * @return whether it is the first with its id
     */
    boolean add(Command command, Age age) {
        if (!seen.add(command.id())) {
            return false;
        }
        if (age == Age.NEW) {
            follow.accept(command);
            return true;
        }
        switch (command.kind()) {
            case PAUSE, RESUME -> {
                lastOfState = Optional.of(command);
                if (caughtUp) {
                    follow.accept(command);
                }
            }
            case CANCEL, START -> lastOfJob = Optional.of(command);
            case CHECKPOINT, SAVEPOINT -> {
                // Was for those who ran then.
            }
        }
        return true;
    }

    /**
     * The old commands have been read, or have been waited for long enough.
     *
     * @return whether the job is paused
     */
    boolean caughtUp(Instant now) {
        caughtUp = true;
        lastOfJob
                .filter(last -> last.kind() == CommandKind.CANCEL)
                .filter(last -> last.at().plus(CANCEL_AGE).isAfter(now))
                .ifPresent(follow);
        return lastOfState.filter(last -> last.kind() == CommandKind.PAUSE).isPresent();
    }

    /** What comes from now on comes from a new topic: ids made of its offsets may have been seen before. */
    void beginAgain() {
        seen.clear();
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    /** When the job was last allowed to run again, if that was the last that was said of it. */
    Optional<Instant> startedAt() {
        return lastOfJob.filter(last -> last.kind() == CommandKind.START).map(Command::at);
    }
}
