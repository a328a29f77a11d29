package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cairn.fleet.PeerSignature.Question;
import dev.cairn.fleet.PeerSignature.Signed;

class PeerSignatureTest {

    private static final PeerSignature OURS = new PeerSignature("a-secret-that-only-workers-know-of");
    private static final PeerSignature OTHERS = new PeerSignature("a-secret-that-other-workers-know-of");
    private static final URI ADDRESS = URI.create("http://worker-1:8080");
    private static final Question QUESTION = new Question("job", ADDRESS, "POST", "/worker/state/a?b=c");
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String NONCE = "0123456789abcdef0123456789abcdef";

    @Test
    void shouldKnowWhatWasSignedWithTheSameSecret() {
        // When
        Signed signed =
                Signed.parse(OURS.sign(QUESTION, BODY, 17, NONCE).header()).orElseThrow();

        // Then
        assertThat(OURS.isOf(QUESTION, signed)).isTrue();
        assertThat(signed.millis()).isEqualTo(17);
        assertThat(signed.nonce()).isEqualTo(NONCE);
        assertThat(signed.bodyHash()).isEqualTo(PeerSignature.hash(BODY));
        assertThat(OTHERS.isOf(QUESTION, signed)).isFalse();
    }

    @Test
    void shouldNotCountForAnythingElse() {
        // Given
        Signed signed = OURS.sign(QUESTION, BODY, 17, NONCE);

        // When, Then
        for (Question other : List.of(
                new Question("job-2", ADDRESS, "POST", "/worker/state/a?b=c"),
                new Question("job", URI.create("http://worker-2:8080"), "POST", "/worker/state/a?b=c"),
                new Question("job", ADDRESS, "GET", "/worker/state/a?b=c"),
                new Question("job", ADDRESS, "POST", "/worker/state/a?b=d"))) {
            assertThat(OURS.isOf(other, signed)).as("%s", other).isFalse();
        }
        for (Signed other : List.of(
                new Signed(18, NONCE, signed.bodyHash(), signed.signature()),
                new Signed(17, NONCE.replace('0', '1'), signed.bodyHash(), signed.signature()),
                new Signed(17, NONCE, PeerSignature.hash(new byte[0]), signed.signature()),
                new Signed(17, NONCE, signed.bodyHash(), "0".repeat(64)))) {
            assertThat(OURS.isOf(QUESTION, other)).as("%s", other).isFalse();
        }
    }

    @Test
    void shouldTakeNothingElseForASignature() {
        for (String header :
                List.of("", "1", "1.1.1.1.1", "2.17." + NONCE + "." + "0".repeat(64) + "." + "0".repeat(64))) {
            assertThat(Signed.parse(header)).as(header).isEmpty();
        }
        assertThat(Signed.parse(null)).isEmpty();
    }

    @Test
    void shouldBelieveAnAnswerToTheSameQuestionOnly() {
        // When
        String header = OURS.signAnswer(NONCE, BODY);

        // Then
        assertThat(OURS.isAnswer(NONCE, BODY, header)).isTrue();
        assertThat(OURS.isAnswer(NONCE, new byte[0], header)).isFalse();
        assertThat(OURS.isAnswer(NONCE.replace('0', '1'), BODY, header)).isFalse();
        assertThat(OTHERS.isAnswer(NONCE, BODY, header)).isFalse();
        assertThat(OURS.isAnswer(NONCE, BODY, "")).isFalse();
    }
}
