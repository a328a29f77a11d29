/** What a run of the tests says about itself at its end. */
package dev.cairn.testkit.report;
