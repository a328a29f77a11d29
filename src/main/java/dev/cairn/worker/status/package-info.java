/**
 * What others may see of a worker: reports, events, figures, states, and the errors that end or repeat its work.
 *
 * <p>The one judgement of a worker's and a job's state has neither I/O nor clock nor thread: {@link
 * dev.cairn.worker.status.WorkerJudge} and {@link dev.cairn.worker.status.JobJudge} turn facts into a {@link
 * dev.cairn.worker.status.Judgement}. Health, REST, dashboard, status line, metrics and commands show it; none judges by
 * itself.
 */
package dev.cairn.worker.status;
