package dev.cairn.rest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a caller may do besides reading. */
enum Control {
    /** Control the job, without saying who he is. */
    @JsonProperty("open")
    OPEN,
    /** Control the job, because of his token. */
    @JsonProperty("token")
    TOKEN,
    /** Nothing. */
    @JsonProperty("refused")
    REFUSED
}
