package dev.cairn.settings;

/** What a worker does that starts although its job was stopped or cancelled. */
public enum OnEndedJob {
    /** It says so, and its process ends with 1. */
    EXIT,
    /** Its process stays, without a member in the group, until the job is started again. */
    WAIT
}
