package dev.cairn.cli;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.job.CreatedSavepoint;
import dev.cairn.settings.MemorySize;

/**
 * What is shown of a savepoint.
 *
 * @param drained whether all input had been processed, where that is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SavepointShown(String path, String uid, String job, int partitions, long entries, long bytes, Boolean drained) {

    static SavepointShown of(CreatedSavepoint created) {
        Savepoint savepoint = created.savepoint();
        boolean known = savepoint.partitions().stream()
                .allMatch(partition -> partition.drained().isPresent());
        boolean drained = known
                && savepoint.partitions().stream()
                        .allMatch(partition -> partition.drained().get());
        return new SavepointShown(
                created.location(),
                savepoint.uid(),
                savepoint.job(),
                savepoint.partitionCount(),
                savepoint.entries(),
                savepoint.bytes(),
                known ? drained : null);
    }

    String text() {
        return path + "\n"
                + new Table("JOB", "PARTITIONS", "ENTRIES", "BYTES", "DRAINED")
                        .row(
                                job,
                                partitions,
                                entries,
                                MemorySize.approximately(bytes),
                                drained == null ? "not known" : drained ? "yes" : "no");
    }
}
