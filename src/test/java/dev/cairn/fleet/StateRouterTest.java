package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateRouterTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 1_000})
    void shouldLookWhereKafkasProducersSendAKey(int partitions) {
        Random random = new Random(partitions);
        for (int length = 0; length < 200; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            assertThat(StateRouter.partitionOf(key, partitions))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }
}
