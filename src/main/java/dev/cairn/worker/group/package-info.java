/**
 * The consumer group: its assignor, its members, its offsets, and the input topics that it reads.
 */
package dev.cairn.worker.group;
