/**
 * The worker's interface for people and programs, over HTTP: what it shows and what it can be told, who may, and errors as
 * problems. It knows nothing that a room below does not tell it.
 */
package dev.cairn.rest;
