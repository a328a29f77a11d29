package dev.cairn.testkit.broker;

/** A broker of one test's own, which may be taken away from its clients and come back at the same address with its data. */
public interface StoppableBroker extends TestBroker {

    /** Starts it again after {@link #stop} or {@link #kill}, and returns when clients can connect. */
    void start();

    /** Stops it in good order. */
    void stop();

    /** Ends it at once, as {@code kill -9} does. */
    void kill();

    /** Freezes it: connections stay open, nothing answers. */
    void pause();

    /** Lets it continue after {@link #pause}. */
    void resume();
}
