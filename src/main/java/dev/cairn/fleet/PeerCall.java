package dev.cairn.fleet;

/** A question of another worker that was let in. Immutable. */
public final class PeerCall {

    private final PeerSignature signature;
    private final String nonce;
    private final String bodyHash;

    PeerCall(PeerSignature signature, String nonce, String bodyHash) {
        this.signature = signature;
        this.nonce = nonce;
        this.bodyHash = bodyHash;
    }

    /** Whether this is the body that was signed. The reader of the body has to ask. */
    public boolean hasBody(byte[] body) {
        return PeerSignature.hash(body).equals(bodyHash);
    }

    /** What the header of the answer says. */
    public String signAnswer(byte[] body) {
        return signature.signAnswer(nonce, body);
    }
}
