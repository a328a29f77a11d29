package dev.cairn.worker.status;

/**
 * Why a judgement is what it is.
 *
 * @param finding what was found
 * @param subject what it was found of: {@code cairn-loop-0}, {@code partition-3}, {@code kafka}, {@code store}, a worker
 * @param text a sentence for people: the thing, the cause and, where there is one, the way out
 */
public record Reason(Finding finding, String subject, String text) {}
