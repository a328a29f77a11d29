/** The names of settings, which messages on every floor use. Uses no other package. */
package dev.cairn.names;
