/**
 * Typed settings: their names, defaults, parsing and validation, each in one place. Knows how a setting is written, not
 * what is done with it.
 */
package dev.cairn.settings;
