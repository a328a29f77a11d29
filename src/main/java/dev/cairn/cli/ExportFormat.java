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
        Entries to(Writer target, boolean withEntries) {
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
        Entries to(Writer target, boolean withEntries) throws IOException {
            Class<?> row = withEntries ? EntryRow.class : Row.class;
            SequenceWriter rows =
                    TABLE.writerFor(row).with(TABLE.schemaFor(row).withHeader()).writeValues(target);
            return new Entries() {
                @Override
                public void add(StateEntry entry) throws IOException {
                    String key = Decoder.asText(entry.key());
                    String value = Decoder.asText(entry.value());
                    String rest = entry.entry() == null ? "" : Decoder.asText(entry.entry());
                    rows.write(
                            withEntries
                                    ? new EntryRow(entry.partition(), entry.state(), key, rest, value)
                                    : new Row(entry.partition(), entry.state(), key, value));
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

    /** The same, where a record's key may have several entries. */
    @JsonPropertyOrder({"partition", "state", "key", "entry", "value"})
    private record EntryRow(int partition, String state, String key, String entry, String value) {}

    /** Writes entries. Closing it ends what was written, and leaves the target open. */
    interface Entries extends Closeable {

        void add(StateEntry entry) throws IOException;
    }

    /**
     * Writes to a target, which is not flushed by itself.
     *
     * @param withEntries whether a table has a column for what tells the entries of a record's key apart
     */
    abstract Entries to(Writer target, boolean withEntries) throws IOException;
}
