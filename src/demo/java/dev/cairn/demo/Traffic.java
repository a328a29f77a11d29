package dev.cairn.demo;

import org.apache.kafka.clients.producer.ProducerRecord;

/** What the demo's input topic is filled with. Used by one thread. */
interface Traffic {

    /** What it is, for people. */
    String description();

    /** Sends records while the pacer asks for them. @return what to say when no more are left, or it was stopped */
    String send(Pacer pacer, Outlet outlet);

    /** Takes records. */
    interface Outlet {
        /** Sends a record; waits while too many are on their way. */
        void send(ProducerRecord<byte[], byte[]> next);
    }
}
