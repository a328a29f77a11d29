package dev.cairn.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;

import dev.cairn.state.Decoder;

/** How entries of state are written. */
enum ExportFormat {
    /** One JSON object in a line. */
    JSONL {
        @Override
        Entries to(Writer target) {
            return new Entries() {
                @Override
                public void add(StateEntry entry) throws IOException {
                    target.write(JSON.writeValueAsString(entry));
                    target.write('\n');
                }

                @Override
                public void close() {
                    // A line is whole by itself.
                }
            };
        }
    },

    /** Comma-separated, with a header; what is not text or a number is JSON. */
    CSV {
        @Override
        Entries to(Writer target) throws IOException {
            SequenceWriter rows = TABLE.writerFor(Row.class)
                    .with(TABLE.schemaFor(Row.class).withHeader())
                    .writeValues(target);
            return new Entries() {
                @Override
                public void add(StateEntry entry) throws IOException {
                    rows.write(new Row(
                            entry.partition(),
                            entry.state(),
                            Decoder.asText(entry.key()),
                            Decoder.asText(entry.value())));
                }

                @Override
                public void close() throws IOException {
                    rows.close();
                }
            };
        }
    };

    private static final JsonMapper JSON = new JsonMapper();
    private static final CsvMapper TABLE = CsvMapper.builder()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .build();

    /** What becomes of an entry in a table. */
    @JsonPropertyOrder({"partition", "state", "key", "value"})
    private record Row(int partition, String state, String key, String value) {}

    /** Writes entries. Closing it ends what was written, and leaves the target open. */
    interface Entries extends Closeable {

        void add(StateEntry entry) throws IOException;
    }

    /** Writes to a target, which is not flushed by itself. */
    abstract Entries to(Writer target) throws IOException;
}
