package dev.cairn.state;

/** A state whose values expire, as it is asked to delete them between records. Used by the loop's thread only. */
interface Expirable {

    /** Nothing is left that could expire. */
    long NOTHING = Long.MAX_VALUE;

    /**
     * Deletes what has expired of a key in the index, a few values at most, and dates what has no date.
     *
     * @param now what expires then has expired
     * @param dated when a value expires that is dated now
     * @return when what is left of it expires, or {@link #NOTHING}
     */
    long deleteExpired(byte[] key, long now, long dated);

    /** Of a state that has one value for each key of the index. */
    static <T> Expirable of(StateTable<Expiring<T>> table) {
        return (key, now, dated) -> {
            Expiring<T> held = table.value(key);
            if (held == null) {
                return NOTHING;
            }
            if (!Expiry.isAhead(held.expires(), now)) {
                table.put(key, null);
                return NOTHING;
            }
            if (held.expires() == Expiry.UNDATED) {
                table.put(key, new Expiring<>(dated, held.value()));
                return dated;
            }
            return held.expires();
        };
    }
}
