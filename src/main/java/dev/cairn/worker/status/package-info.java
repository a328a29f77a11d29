/**
 * The one judgement of a worker's and a job's state, without I/O, clock or thread: {@link
 * dev.cairn.worker.status.WorkerJudge} and {@link dev.cairn.worker.status.JobJudge} turn facts into a {@link
 * dev.cairn.worker.status.Judgement}. Health, REST, dashboard, status line, metrics and commands show it; none judges by
 * itself.
 */
package dev.cairn.worker.status;
