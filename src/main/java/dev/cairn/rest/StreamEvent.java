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

    /**
     * What is the same for everyone.
     *
     * @param name {@code checkpoint}, of a checkpoint or savepoint that has ended, or {@code keys}, the hottest and the largest
     */
    record Same(String name, Object data, boolean showsContent) implements StreamEvent {

        @Override
        public Object data(Control control) {
            return data;
        }
    }
}
