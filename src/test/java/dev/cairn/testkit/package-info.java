/**
 * What tests stand on, by what it is: {@code broker}, {@code worker}, {@code store}, {@code fault}, {@code verify} and
 * {@code container}. This package has only what several of these use: processes, ports, logs, certificates.
 *
 * <p>The broker is a test dependency: nothing of it reaches the packaged worker.
 */
package dev.cairn.testkit;
