package dev.cairn.fleet;

/** For which workers a command is. */
enum CommandScope {
    /** For those who run, and, where it lasts, for those who are started later. */
    ALL,
    /** For those alone who are started later. */
    LATER
}
