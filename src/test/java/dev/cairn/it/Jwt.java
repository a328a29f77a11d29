package dev.cairn.it;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/** Tokens as a provider of OIDC makes them. */
final class Jwt {

    private Jwt() {}

    /** One that says of someone that he has a role, for the next minutes. */
    static String of(KeyPair provider, String role) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String content = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "."
                + encoded("{\"sub\":\"someone\",\"groups\":[\"%s\"],\"iat\":%s,\"exp\":%s}"
                        .formatted(role, now, now + 300));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(provider.getPrivate());
        signature.update(content.getBytes(StandardCharsets.UTF_8));
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
