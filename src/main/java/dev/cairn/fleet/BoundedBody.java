package dev.cairn.fleet;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps an answer in memory, unless it is too large. */
final class BoundedBody implements BodySubscriber<byte[]> {

    private final int most;
    private final AtomicLong room;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.Subscription subscription;
    private long taken;

    /**
     * @param most bytes of one answer
     * @param room bytes that all answers together may still take
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Nothing that fails follows.
    BoundedBody(int most, AtomicLong room) {
        this.most = most;
        this.room = room;
        body.whenComplete((done, failure) -> release());
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (body.isDone()) {
                return;
            }
            int length = buffer.remaining();
            if (length > most - bytes.size()) {
                refuse("answers with more than " + most + " bytes");
            } else if (!take(length)) {
                refuse("answers with more than fits next to what other workers answer now");
            } else {
                byte[] copy = new byte[length];
                buffer.get(copy);
                bytes.write(copy, 0, length);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }

    private void refuse(String why) {
        subscription.cancel();
        body.completeExceptionally(new PeerException(why));
    }

    private synchronized boolean take(int length) {
        taken += length;
        if (room.addAndGet(-length) < 0) {
            release();
            return false;
        }
        return true;
    }

    private synchronized void release() {
        room.addAndGet(taken);
        taken = 0;
    }
}
