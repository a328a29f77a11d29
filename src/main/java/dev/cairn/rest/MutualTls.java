package dev.cairn.rest;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.Unremovable;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.ClientCertificates;
import dev.cairn.settings.HttpSettings;

/**
 * Asks callers of the TLS port for a certificate. Quarkus' own setting for that, {@code quarkus.http.ssl.client-auth}, counts only
 * when an application is built.
 */
@ApplicationScoped
@Unremovable
class MutualTls implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(MutualTls.class);

    private final Config config;

    MutualTls(Config config) {
        this.config = config;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (isRequired()) {
            options.setClientAuth(ClientAuth.REQUIRED);
        }
    }

    /** Called only where there is such a port. */
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        if (isRequired()) {
            LOG.warn(SettingNames.CLIENT_CERTIFICATES
                    + "=required asks no one for a certificate at the port without TLS. Set"
                    + " quarkus.http.insecure-requests=disabled");
        }
    }

    private boolean isRequired() {
        return HttpSettings.of(config).clientCertificates() == ClientCertificates.REQUIRED;
    }
}
