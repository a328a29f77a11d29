package dev.cairn.checkpoint.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * {@code _metadata} and base descriptions as JSON.
 *
 * <p>{@code _metadata} begins with a CRC-32C of itself, computed with eight zeros in its place, because nothing else holds
 * its checksum: a flipped digit in a state's id would otherwise be read as the truth.
 */
public final class MetadataCodec {

    private static final String CHECKSUM = "crc32c";
    private static final String NO_CHECKSUM = "00000000";
    private static final byte[] CHECKSUM_START = ("{\n  \"" + CHECKSUM + "\" : \"").getBytes(StandardCharsets.US_ASCII);

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    // Made once, and before the first is read: that takes a tenth of a second, which a restart need not wait for.
    private static final ObjectReader METADATA = MAPPER.readerFor(CheckpointMetadata.class);
    private static final ObjectReader SAVEPOINT = MAPPER.readerFor(Savepoint.class);
    private static final ObjectReader BASE = MAPPER.readerFor(BaseDescription.class);

    private MetadataCodec() {}

    /** The call initializes this class, which is all there is to do. */
    public static void load() {}

    public static byte[] encode(CheckpointMetadata metadata) {
        return encodeChecked(metadata);
    }

    public static byte[] encode(Savepoint savepoint) {
        return encodeChecked(savepoint);
    }

    private static byte[] encodeChecked(Object metadata) {
        ObjectNode content = MAPPER.createObjectNode().put(CHECKSUM, NO_CHECKSUM);
        content.setAll(MAPPER.<ObjectNode>valueToTree(metadata));
        byte[] encoded = (content.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        putChecksum(encoded, Crc32c.of(encoded));
        return encoded;
    }

    /**
     * Reads the metadata of a checkpoint.
     *
     * @throws DamagedCheckpointException when it is truncated, altered, or of a format that is not known here
     */
    public static CheckpointMetadata decode(String path, byte[] encoded) {
        check(path, encoded);
        CheckpointMetadata metadata = read(path, encoded, METADATA, CheckpointMetadata.class);
        requireVersion(path, metadata.formatVersion(), CheckpointMetadata.FORMAT_VERSION);
        return metadata;
    }

    /**
     * Reads the metadata of a savepoint.
     *
     * @throws DamagedCheckpointException as {@link #decode}
     */
    public static Savepoint decodeSavepoint(String path, byte[] encoded) {
        check(path, encoded);
        Savepoint savepoint = read(path, encoded, SAVEPOINT, Savepoint.class);
        requireVersion(path, savepoint.formatVersion(), Savepoint.FORMAT_VERSION);
        return savepoint;
    }

    private static void check(String path, byte[] encoded) {
        int end = CHECKSUM_START.length + NO_CHECKSUM.length();
        if (encoded.length < end
                || !Arrays.equals(encoded, 0, CHECKSUM_START.length, CHECKSUM_START, 0, CHECKSUM_START.length)) {
            throw new DamagedCheckpointException(
                    path + " is not the _metadata of a checkpoint or savepoint (" + encoded.length + " bytes)");
        }
        String recorded = new String(encoded, CHECKSUM_START.length, NO_CHECKSUM.length(), StandardCharsets.US_ASCII);
        byte[] content = encoded.clone();
        putChecksum(content, NO_CHECKSUM);
        String computed = Crc32c.of(content);
        if (!computed.equals(recorded)) {
            throw new DamagedCheckpointException(path + " is truncated or altered (" + encoded.length
                    + " bytes): its CRC32C is " + computed + ", recorded is " + recorded);
        }
    }

    private static void requireVersion(String path, int version, int known) {
        if (version != known) {
            throw new UnknownFormatException(path + " has format version " + version, String.valueOf(known));
        }
    }

    public static byte[] encode(BaseDescription description) {
        return encodePlain(description);
    }

    /** Plain data, without a checksum of its own. */
    public static byte[] encodePlain(Object description) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(description);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is stored is plain data", e);
        }
    }

    /** What {@link #encodePlain} wrote. @throws DamagedCheckpointException when it cannot be read */
    public static <T> T decodePlain(String path, byte[] encoded, Class<T> type) {
        return read(path, encoded, MAPPER.readerFor(type), type);
    }

    /** The bytes have been checked against their recorded checksum. */
    public static BaseDescription decodeBase(String path, byte[] encoded) {
        BaseDescription description = read(path, encoded, BASE, BaseDescription.class);
        requireVersion(path, description.formatVersion(), BaseDescription.FORMAT_VERSION);
        return description;
    }

    private static <T> T read(String path, byte[] encoded, ObjectReader reader, Class<T> type) {
        try {
            return reader.readValue(encoded, type);
        } catch (IOException e) {
            throw new DamagedCheckpointException(path + " cannot be read: " + e.getMessage());
        }
    }

    private static void putChecksum(byte[] encoded, String checksum) {
        byte[] digits = checksum.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, encoded, CHECKSUM_START.length, digits.length);
    }
}
