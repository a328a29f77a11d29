package dev.cairn.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.stream.StreamSupport;
import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

import dev.cairn.settings.SecuritySettings;

/** Who is known to this worker. Tokens are compared in a time that says nothing about them. */
@ApplicationScoped
class Credentials {

    private static final String OIDC = "quarkus.oidc.";
    private static final String OIDC_ENABLED = OIDC + "tenant-enabled";

    private final Optional<byte[]> viewer;
    private final Optional<byte[]> operator;
    private final boolean oidc;
    private final boolean oidcSettings;

    Credentials(Config config) {
        SecuritySettings settings = SecuritySettings.of(config);
        viewer = settings.viewerToken().map(Credentials::digest);
        operator = settings.operatorToken().map(Credentials::digest);
        oidc = config.getOptionalValue(OIDC_ENABLED, Boolean.class).orElse(false);
        oidcSettings = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(OIDC) && !name.equals(OIDC_ENABLED))
                .map(config::getConfigValue)
                .anyMatch(Credentials::isSetByUser);
    }

    /**
     * Whether callers must say who they are. Settings of OIDC count even where no provider is enabled: the person who wrote them
     * did not mean to leave the door open.
     */
    boolean areRequired() {
        return hasTokens() || oidc || oidcSettings;
    }

    /** Whether there are tokens of this worker's own. */
    boolean hasTokens() {
        return viewer.isPresent() || operator.isPresent();
    }

    /** Whether a token may be one of OIDC's. */
    boolean mayComeFromOidc() {
        return oidc || oidcSettings;
    }

    /** Whether there are settings of OIDC, and nothing that enables it. */
    boolean isOidcForgotten() {
        return oidcSettings && !oidc;
    }

    /** Whose token this is. */
    Optional<Role> roleOf(String token) {
        byte[] digest = digest(token);
        boolean isOperator = MessageDigest.isEqual(digest, operator.orElseGet(() -> new byte[digest.length]));
        boolean isViewer = MessageDigest.isEqual(digest, viewer.orElseGet(() -> new byte[digest.length]));
        if (isOperator) {
            return Optional.of(Role.OPERATOR);
        }
        return isViewer ? Optional.of(Role.VIEWER) : Optional.empty();
    }

    private static boolean isSetByUser(ConfigValue value) {
        return value.getValue() != null && value.getSourceOrdinal() > Integer.MIN_VALUE;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
