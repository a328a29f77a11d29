package dev.cairn.fleet;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cairn.names.SettingNames;

/**
 * What workers prove to each other with their common secret (HMAC-SHA256): that a question comes from a worker of the job, and
 * that an answer belongs to that question.
 *
 * <p>A signature counts for one request to one address only. A worker that gets it can neither pass it on to another worker, nor
 * use it for another path or body. Immutable and thread-safe.
 */
final class PeerSignature {

    /** The header of a question and of its answer. */
    static final String HEADER = "Cairn-Peer";

    static final String NO_SECRET =
            "because " + SettingNames.PEER_SECRET + " is not set. Set the same secret for all workers of" + " the job";

    private static final String VERSION = "1";
    private static final Pattern SIGNED =
            Pattern.compile("1\\.(\\d{1,15})\\.([0-9a-f]{32})\\.([0-9a-f]{64})\\.([0-9a-f]{64})");

    private final SecretMac mac;

    PeerSignature(String secret) {
        mac = new SecretMac(secret, "cairn-peer-" + VERSION);
    }

    /**
     * A question.
     *
     * @param job of the workers
     * @param to where the worker listens that is asked
     * @param path with its query, as it is sent
     */
    record Question(String job, URI to, String method, String path) {}

    /**
     * What the header of a question says.
     *
     * @param millis when it was signed, by the clock of the worker that asks
     * @param nonce unique
     * @param bodyHash SHA-256 of the body
     */
    record Signed(long millis, String nonce, String bodyHash, String signature) {

        /** What a header says; nothing where it is none of ours. */
        static Optional<Signed> parse(String header) {
            Matcher matcher = SIGNED.matcher(header == null ? "" : header);
            return matcher.matches()
                    ? Optional.of(new Signed(
                            Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3), matcher.group(4)))
                    : Optional.empty();
        }

        String header() {
            return String.join(".", VERSION, Long.toString(millis), nonce, bodyHash, signature);
        }
    }

    Signed sign(Question question, byte[] body, long millis, String nonce) {
        String bodyHash = hash(body);
        return new Signed(millis, nonce, bodyHash, mac(question, millis, nonce, bodyHash));
    }

    /** Whether a question was signed with this secret. Takes the same time whatever is wrong. */
    boolean isOf(Question question, Signed signed) {
        return SecretMac.isEqual(mac(question, signed.millis(), signed.nonce(), signed.bodyHash()), signed.signature());
    }

    /** The header of the answer to the question with this nonce. */
    String signAnswer(String nonce, byte[] body) {
        return mac.of("answer", nonce, hash(body));
    }

    /** Whether an answer to the question with this nonce was signed with this secret. */
    boolean isAnswer(String nonce, byte[] body, String header) {
        return SecretMac.isEqual(signAnswer(nonce, body), header);
    }

    static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String mac(Question question, long millis, String nonce, String bodyHash) {
        // No HTTP client and no server lets a line feed through.
        return mac.of(
                "question",
                question.job(),
                question.to().toString(),
                question.method(),
                question.path(),
                Long.toString(millis),
                nonce,
                bodyHash);
    }
}
