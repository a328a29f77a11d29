package dev.cairn.checkpoint.write;

/** Is told of every step that a checkpoint has reached, on the thread that reached it: it must be quick. */
@FunctionalInterface
public interface CheckpointObserver {

    /** An observer that does nothing. */
    CheckpointObserver NONE = (step, partition, number) -> {};

    /** A step of a partition's checkpoint has been reached. */
    void reached(CheckpointStep step, int partition, long number);
}
