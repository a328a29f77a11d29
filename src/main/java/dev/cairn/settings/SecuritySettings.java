package dev.cairn.settings;

import java.util.Optional;

import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/**
 * Who is let in by a token. Immutable.
 *
 * @param viewerToken of who may read
 * @param operatorToken of who may read and control
 * @param peerSecret by which the workers of the job know each other
 */
public record SecuritySettings(
        Optional<String> viewerToken, Optional<String> operatorToken, Optional<String> peerSecret) {

    static final SettingGroup GROUP = new SettingGroup(SettingRules::checkSecurity);

    static final Setting<Optional<String>> VIEWER_TOKEN = GROUP.add(Setting.secret(
            SettingNames.VIEWER_TOKEN,
            Fallback.none(),
            "Bearer token of who may read: the state, the job, its settings; a secret of 16 characters at least.",
            Parsers.optional(Parsers.token())));

    static final Setting<Optional<String>> OPERATOR_TOKEN = GROUP.add(Setting.secret(
            SettingNames.OPERATOR_TOKEN,
            Fallback.none(),
            "Bearer token of who may also control the job; a secret of 16 characters at least. Without it, and without"
                    + " OIDC, control answers on loopback only.",
            Parsers.optional(Parsers.token())));

    static final Setting<Optional<String>> PEER_SECRET = GROUP.add(Setting.secret(
            SettingNames.PEER_SECRET,
            Fallback.none(),
            "Secret of the job's workers, the same for all, 32 characters at least: they sign with it what they ask each"
                    + " other. Without it a worker shows itself only, and answers for its own state only.",
            Parsers.optional(Parsers.peerSecret())));

    /** Reads them. @throws SettingsException if any cannot be used */
    public static SecuritySettings of(Config config) {
        SettingValues values = GROUP.read(config);
        return new SecuritySettings(values.get(VIEWER_TOKEN), values.get(OPERATOR_TOKEN), values.get(PEER_SECRET));
    }

    /** Names only: the values are secrets. */
    @Override
    public String toString() {
        return "SecuritySettings[viewerToken " + shown(viewerToken) + ", operatorToken " + shown(operatorToken)
                + ", peerSecret " + shown(peerSecret) + "]";
    }

    private static String shown(Optional<String> secret) {
        return secret.isPresent() ? "set" : "not set";
    }
}
