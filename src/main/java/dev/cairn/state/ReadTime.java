package dev.cairn.state;

/**
 * The time for which someone else than the processor reads state: what has expired by then is not shown.
 *
 * @param clock in milliseconds since the epoch
 * @param watermark the partition's event time, or {@link PartitionTime#NONE}
 */
public record ReadTime(long clock, long watermark) {

    /** The time that it is for a partition. From any thread. */
    public static ReadTime of(PartitionTime time) {
        return new ReadTime(time.now(), time.watermark());
    }

    /**
     * Whether a value counts.
     *
     * @param stored with all that stands in front of it
     */
    public boolean shows(StateDescriptor state, byte[] stored) {
        return state.expiresIn()
                .map(domain ->
                        Expiry.isAhead(ExpiringSerde.expires(stored), domain == TimeDomain.EVENT ? watermark : clock))
                .orElse(true);
    }
}
