/**
 * Restores a partition's database on the local disk.
 */
package dev.cairn.checkpoint.local;
