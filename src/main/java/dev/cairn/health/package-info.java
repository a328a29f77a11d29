/** How a platform learns whether a worker lives, is ready, has started: each answer says why in its data. */
package dev.cairn.health;
