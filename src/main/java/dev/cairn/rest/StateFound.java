package dev.cairn.rest;

/** What a state has for a key. */
public sealed interface StateFound permits StateValue, StateEntries {}
