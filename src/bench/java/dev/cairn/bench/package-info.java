/** Measurements, run by hand: never part of a test, because machines are noisy. */
package dev.cairn.bench;
