package dev.cairn.settings;

import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/** Whom a worker answers by HTTP, and how many. */
public final class HttpSettings {

    static final SettingGroup GROUP = new SettingGroup();

    private final SettingValues values;

    private HttpSettings(SettingValues values) {
        this.values = values;
    }

    /** Reads each where it is asked for, and then throws {@link SettingsException} if it cannot be used. */
    public static HttpSettings of(Config config) {
        return new HttpSettings(new SettingValues(config));
    }

    static final Setting<ClientCertificates> CLIENT_CERTIFICATES = GROUP.add(
            SettingNames.CLIENT_CERTIFICATES,
            Fallback.of("none"),
            "Whether the TLS port lets in only who has a certificate of the trust store (`required`) or anyone (`none`).",
            Parsers.oneOf(ClientCertificates.class));

    /** Whether callers need a certificate. */
    public ClientCertificates clientCertificates() {
        return values.get(CLIENT_CERTIFICATES);
    }

    static final Setting<Integer> REQUESTS_PER_SECOND = GROUP.add(
            SettingNames.REQUESTS_PER_SECOND,
            Fallback.of("200"),
            "How many requests a worker answers in a second, without health, metrics and other workers; `0` for no limit."
                    + " Five seconds' worth may come at once; more wait for their turn, so that they do not slow down processing.",
            Parsers.integerFrom(0));

    /** How many requests a worker answers in a second; 0 for no limit. */
    public int requestsPerSecond() {
        return values.get(REQUESTS_PER_SECOND);
    }
}
