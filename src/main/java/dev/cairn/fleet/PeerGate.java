package dev.cairn.fleet;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.Config;

import dev.cairn.fleet.PeerSignature.Question;
import dev.cairn.fleet.PeerSignature.Signed;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.SecuritySettings;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.group.GroupDirectory;

/** Lets in what another worker of the job asks, once. Thread-safe. */
@ApplicationScoped
public class PeerGate {

    /** The header that questions and answers carry. */
    public static final String HEADER = PeerSignature.HEADER;

    /** How far the clocks of two workers may be apart, and how long a question may be on its way. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** Some 25 MB at the most: more than 3,000 questions a second. */
    private static final int MAX_NONCES = 200_000;

    private final Optional<PeerSignature> signature;
    private final WorkerLifecycle lifecycle;
    /** What was seen before that is forgotten. */
    private final long startedMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    // A question from the future counts for twice the tolerance.
    private final SeenNonces nonces = new SeenNonces(TOLERANCE.multipliedBy(2), MAX_NONCES, System::nanoTime);

    PeerGate(Config config, WorkerLifecycle lifecycle) {
        this.signature = SecuritySettings.of(config).peerSecret().map(PeerSignature::new);
        this.lifecycle = lifecycle;
    }

    /**
     * What comes of a request.
     *
     * @param call the question, where it is let in
     * @param refusal why it is not, a sentence
     */
    public record Admission(Optional<PeerCall> call, String refusal) {

        private static Admission refused(String why) {
            return new Admission(Optional.empty(), "this answers workers of the job only: " + why);
        }
    }

    /**
     * Looks at a request, before its body is read.
     *
     * @param path with its query, as it was sent
     * @param header what {@link #HEADER} says; null without one
     */
    public Admission admit(String method, String path, String header) {
        Optional<GroupDirectory> directory = lifecycle.worker().map(Worker::directory);
        if (signature.isEmpty()) {
            return Admission.refused("it answers none, " + PeerSignature.NO_SECRET);
        }
        if (directory.isEmpty()) {
            return Admission.refused("the worker is being started");
        }
        Optional<Signed> signed = Signed.parse(header);
        if (signed.isEmpty()) {
            return Admission.refused("the request is not signed");
        }
        Question question =
                new Question(directory.get().job(), directory.get().self().address(), method, path);
        if (!signature.get().isOf(question, signed.get())) {
            return Admission.refused("the signature is not that of a worker which has the same "
                    + SettingNames.PEER_SECRET + " and means this address");
        }
        long age = System.currentTimeMillis() - signed.get().millis();
        if (Math.abs(age) > TOLERANCE.toMillis() || signed.get().millis() < startedMillis) {
            return Admission.refused("the request is " + age
                    + " ms old, or older than this worker. Let the clocks of all workers agree");
        }
        return switch (nonces.add(signed.get().nonce())) {
            case NEW ->
                new Admission(
                        Optional.of(new PeerCall(
                                signature.get(),
                                signed.get().nonce(),
                                signed.get().bodyHash())),
                        "");
            case SEEN -> Admission.refused("the request has been answered before");
            case FULL ->
                Admission.refused("too many requests came within "
                        + TOLERANCE.multipliedBy(2).toSeconds() + " s");
        };
    }
}
