package dev.cairn.fleet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 with the common secret of a job's workers, for one purpose. Immutable and thread-safe. */
final class SecretMac {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final String purpose;

    /** @param purpose what counts for one does not count for another */
    SecretMac(String secret, String purpose) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.purpose = purpose;
    }

    /** In hexadecimal. None of the parts contains a line feed, which separates them. */
    String of(String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] code = mac.doFinal((purpose + "\n" + String.join("\n", parts)).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Compares two codes. Takes the same time whatever is wrong. */
    static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
