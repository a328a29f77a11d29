package dev.cairn.checkpoint.write;

/**
 * Whether a loop may delete objects of its partitions: as long as it is certain that the group has not given them to another
 * one, and only after the group has accepted a commit of the partition since it was started. Asked right before each request,
 * because it may have begun long before.
 *
 * <p>A process that was stopped and continued finds its lease run out, whatever its threads were about to do. A request that
 * was sent before and arrives late does no harm: it names objects that the checkpoints after that commit do not need.
 */
@FunctionalInterface
public interface Lease {

    /** Whether it holds. From any thread. */
    boolean holds();
}
