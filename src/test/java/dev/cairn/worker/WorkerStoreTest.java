package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.store.ForwardingObjectStore;

/** Who closes the store of a worker. */
class WorkerStoreTest {

    @TempDir
    Path directory;

    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void shouldCloseWhatItHasOpened() {
        // Given
        WorkerStore store = new WorkerStore("somewhere", "job", this::open);
        store.open();
        assertThat(store.jobEnd()).isEmpty();

        // When
        store.close();

        // Then
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void shouldCloseAStoreThatOpensAfterTheStartWasGivenUp() throws Exception {
        // Given
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        WorkerStore store = new WorkerStore("somewhere", "job", () -> {
            ObjectStore opened = open();
            opening.countDown();
            awaitWhateverInterrupts(answered);
            return opened;
        });
        store.open();
        opening.await();

        // When
        store.close();
        assertThat(closed.getCount()).isOne();
        answered.countDown();

        // Then
        assertThat(closed.await(30, TimeUnit.SECONDS)).as("closed").isTrue();
        assertThatThrownBy(store::jobEnd).isInstanceOf(RuntimeException.class);
    }

    private ObjectStore open() {
        return new ForwardingObjectStore(ObjectStores.open(directory.toString())) {
            @Override
            public void close() {
                super.close();
                closed.countDown();
            }
        };
    }

    private static void awaitWhateverInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
