package dev.cairn.processors;

import java.time.Duration;
import java.util.List;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.eclipse.microprofile.config.Config;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;

/**
 * Passes on the first record of each key, or of each id in the values of a key, unchanged: key, value, headers and timestamp.
 * Others are dropped until the first one is forgotten.
 */
@Dependent
@Named("deduplicate")
final class DeduplicateProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    static final String TTL = "cairn.deduplicate.ttl";
    static final String ID = "cairn.deduplicate.id";
    static final String TIME = "cairn.deduplicate.time";

    private final Config config;
    private JsonIdReader ids;
    private ValueState<Boolean> keys;
    private MapState<String, Boolean> seen;

    /** In which time records are forgotten. */
    enum Time {
        EVENT,
        PROCESSING
    }

    @Inject
    DeduplicateProcessor(Config config) {
        this.config = config;
    }

    /** @throws IllegalArgumentException when a setting cannot be used */
    @Override
    public void declare(Declaration<byte[], byte[], byte[], byte[]> declare) {
        ReadyMadeSettings settings = new ReadyMadeSettings(config);
        settings.requireKnown("cairn.deduplicate.", List.of(TTL, ID, TIME));
        Ttl ttl = ttl(settings);
        ids = settings.pointer(ID).map(JsonIdReader::new).orElse(null);
        Serde<byte[]> bytes = Serdes.ByteArray();
        declare.input(bytes, bytes);
        declare.output(bytes, bytes);
        if (ids == null) {
            keys = declare.valueState("keys", Serdes.Boolean(), ttl);
        } else {
            seen = declare.mapState("ids", OrderedSerdes.text(), Serdes.Boolean(), ttl);
        }
    }

    private static Ttl ttl(ReadyMadeSettings settings) {
        Duration duration = settings.duration(TTL)
                .orElseThrow(() -> ReadyMadeSettings.missing(TTL, "after how long a record is forgotten, such as 1h"));
        if (duration.isZero()) {
            throw new IllegalArgumentException(TTL + " is 0, and must be longer");
        }
        Ttl ttl = Ttl.after(duration);
        return settings.choice(TIME, Time.class).orElse(Time.EVENT) == Time.EVENT ? ttl.eventTime() : ttl;
    }

    @Override
    public void process(InputRecord<byte[], byte[]> input, Output<byte[], byte[]> output) {
        if (input.key() == null) {
            throw new IllegalArgumentException(
                    "the record has no key, and records are compared with those of their key");
        }
        if (isFirst(input)) {
            output.emit(input.key(), input.value(), input.headers());
        }
    }

    private boolean isFirst(InputRecord<byte[], byte[]> input) {
        if (ids == null) {
            boolean first = keys.value() == null;
            if (first) {
                keys.update(true);
            }
            return first;
        }
        String id = ids.read(input.value());
        boolean first = !seen.contains(id);
        if (first) {
            seen.put(id, true);
        }
        return first;
    }
}
