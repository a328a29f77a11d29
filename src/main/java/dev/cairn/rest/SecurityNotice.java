package dev.cairn.rest;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;

/** Says once who may control this worker, where that is not what one expects. */
@ApplicationScoped
class SecurityNotice {

    private static final Logger LOG = Logger.getLogger(SecurityNotice.class);

    void started(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event, Credentials credentials) {
        if (!credentials.areRequired()) {
            LOG.info(
                    "no credentials are configured: anyone who reaches the HTTP port sees how the job is; state, keys, settings"
                            + " and control answer on loopback only. Set " + SettingNames.OPERATOR_TOKEN
                            + ", or use OIDC, to change that");
        } else if (credentials.isOidcForgotten()) {
            LOG.warn("quarkus.oidc.* is set, but quarkus.oidc.tenant-enabled is not true: its tokens are refused. Set"
                    + " it, or remove the others");
        }
    }
}
