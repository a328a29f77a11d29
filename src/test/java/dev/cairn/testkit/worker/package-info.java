/** Workers and commands as tests start them: in this JVM, as packaged processes, as applications, and the jobs that they run. */
package dev.cairn.testkit.worker;
