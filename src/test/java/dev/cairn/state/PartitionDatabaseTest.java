package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionDatabaseTest {

    private static final StateDescriptor STATE = new StateDescriptor("s", "value", "text", 1);
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);
    private static final int READERS = 3;
    private static final int TIMES = 100;

    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(8L << 20);

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void shouldNotBeReadOnceItIsClosed() {
        PartitionDatabase database = open();
        assertThat(database.value(STATE, KEY)).contains(VALUE);

        database.close();

        assertThatThrownBy(() -> database.value(STATE, KEY)).isInstanceOf(DatabaseClosedException.class);
        assertThat(database.estimatedKeys()).isZero();
        assertThat(database.liveBytes()).isZero();
        database.close();
    }

    /** What is read after the native database has gone takes the whole JVM down. */
    @Test
    void shouldStandReadersWhileItIsClosed() throws InterruptedException {
        AtomicReference<PartitionDatabase> current = new AtomicReference<>(open());
        AtomicLong values = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(READERS);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new Thread(() -> {
                started.countDown();
                for (PartitionDatabase database = current.get(); database != null; database = current.get()) {
                    try {
                        assertThat(database.value(STATE, KEY)).contains(VALUE);
                        assertThat(database.liveBytes()).isNotNegative();
                        values.incrementAndGet();
                    } catch (DatabaseClosedException e) {
                        refused.incrementAndGet();
                    } catch (Throwable e) {
                        failures.add(e);
                        return;
                    }
                }
            }));
        }
        readers.forEach(Thread::start);
        started.await();

        for (int i = 0; i < TIMES; i++) {
            PartitionDatabase closing = current.get();
            closing.close();
            current.set(open());
        }
        current.getAndSet(null).close();
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(failures).isEmpty();
        assertThat(values.get()).isPositive();
        assertThat(refused.get()).isPositive();
    }

    private PartitionDatabase open() {
        PartitionDatabase database = PartitionDatabase.open(directory.resolve("db"), resources);
        if (database.identity().isEmpty()) {
            Path file = directory.resolve("first.sst");
            SstFiles.write(file, "first", List.of(new Change(KeyLayout.stored(1, KEY), VALUE)), resources);
            database.ingest(List.of(file));
        }
        return database;
    }
}
