/** Where the process begins. */
package dev.cairn.cli;
