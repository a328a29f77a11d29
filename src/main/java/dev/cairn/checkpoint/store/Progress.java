package dev.cairn.checkpoint.store;

/** Is told how far long work has come. Called by the threads that work. */
public interface Progress {

    /** Tells no one. */
    Progress NONE = new Progress() {
        @Override
        public void begin(String what, long steps) {
            // No one asked.
        }

        @Override
        public void advance(long steps) {
            // No one asked.
        }
    };

    /**
     * A part of the work begins.
     *
     * @param what it is, for people
     * @param steps how much there is to do, as far as it is known
     */
    void begin(String what, long steps);

    /** So much more is done; less than zero when an attempt failed and will be repeated. */
    void advance(long steps);
}
