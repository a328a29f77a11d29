package dev.cairn.kubernetes;

import java.io.IOException;
import java.util.OptionalInt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.settings.KubernetesSettings;
import dev.cairn.storage.Clause;
import dev.cairn.worker.Platform;

/**
 * Tells a pod that its StatefulSet does not want any more from one that is restarted: Kubernetes ends both alike. The first is
 * to hand its partitions over at once, the second to get them back.
 */
@ApplicationScoped
class ScaleDown implements Platform {

    private static final Logger LOG = Logger.getLogger(ScaleDown.class);

    private final Config config;

    @Inject
    ScaleDown(Config config) {
        this.config = config;
    }

    @Override
    public boolean takesThisWorkerAway() {
        KubernetesSettings settings = KubernetesSettings.of(config);
        if (settings.statefulSet().isEmpty()) {
            return false;
        }
        String name = settings.statefulSet().get();
        try {
            return isSurplus(name, settings);
        } catch (IOException e) {
            LOG.warnf(
                    "cannot tell whether StatefulSet %s is being scaled down: %s. Should it be, others get this worker's"
                            + " partitions after the session time-out. Its service account needs the right to get statefulsets",
                    name, Clause.of(e.toString()));
            return false;
        }
    }

    private static boolean isSurplus(String name, KubernetesSettings settings) throws IOException {
        String pod = settings.podName().orElse("");
        OptionalInt ordinal = StatefulSet.ordinal(pod);
        if (ordinal.isEmpty()) {
            throw new IOException("the host name '" + pod + "' is not that of one of its pods");
        }
        KubernetesApi api = new KubernetesApi(
                settings.apiServer().orElseThrow(() -> new IOException("KUBERNETES_SERVICE_HOST is not set")),
                settings.serviceAccount());
        StatefulSet set =
                StatefulSet.parse(api.get("/apis/apps/v1/namespaces/" + api.namespace() + "/statefulsets/" + name));
        return !set.wants(ordinal.getAsInt());
    }
}
