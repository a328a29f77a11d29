/**
 * What the author of a processor sees, and nothing else.
 *
 * <p>Nothing here knows how Cairn works inside: this package depends on no other one, so that processors keep compiling
 * and running while everything behind it changes.
 */
package dev.cairn.api;
