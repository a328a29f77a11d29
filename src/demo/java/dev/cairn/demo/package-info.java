/**
 * The demo: a worker on a broker with traffic, in one command and without anything installed. Reads and writes below
 * {@code data/demo}.
 */
package dev.cairn.demo;
