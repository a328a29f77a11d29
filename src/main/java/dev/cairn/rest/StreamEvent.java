package dev.cairn.rest;

import java.util.List;

/** What is sent to who follows the job. */
sealed interface StreamEvent {

    /** Its name in the stream. */
    String name();

    /** What is sent to a listener who may do so much. */
    Object data(Control control);

    /** Whether it shows what records hold. */
    default boolean showsContent() {
        return false;
    }

    /** How the job stands. */
    record Status(JobView job, List<WorkerView> workers, List<PartitionView> partitions) implements StreamEvent {

        @Override
        public String name() {
            return "status";
        }

        @Override
        public Object data(Control control) {
            return new Status(job.withControl(control), workers, partitions);
        }
    }

    /** A checkpoint or savepoint has ended. */
    record Checkpoint(CheckpointRow row) implements StreamEvent {

        @Override
        public String name() {
            return "checkpoint";
        }

        @Override
        public Object data(Control control) {
            return row;
        }
    }

    /** The hottest and the largest keys. */
    record Keys(KeysView keys) implements StreamEvent {

        @Override
        public String name() {
            return "keys";
        }

        @Override
        public Object data(Control control) {
            return keys;
        }

        @Override
        public boolean showsContent() {
            return true;
        }
    }
}
