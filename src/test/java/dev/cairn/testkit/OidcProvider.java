package dev.cairn.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * A provider of OIDC over HTTP: it describes itself at the well-known address, publishes its keys, and signs tokens (RS256) as
 * Keycloak makes them. It can go away and come back at the same address.
 */
public final class OidcProvider implements AutoCloseable {

    private static final String REALM = "/realms/data";
    private static final String JWKS = REALM + "/protocol/openid-connect/certs";
    private static final int KEY_BITS = 2048;

    private final int port;
    private final RsaJsonWebKey key;
    private HttpServer server;

    private OidcProvider(int port, RsaJsonWebKey key) {
        this.port = port;
        this.key = key;
    }

    /** One that is not there yet. */
    public static OidcProvider prepare() {
        return new OidcProvider(Ports.free(), newKey("key-1"));
    }

    /** One that answers. */
    public static OidcProvider start() {
        OidcProvider provider = prepare();
        provider.come();
        return provider;
    }

    /** A key that no provider publishes, unless it goes by the same id. */
    public static RsaJsonWebKey newKey(String id) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(KEY_BITS);
            key.setKeyId(id);
            key.setUse("sig");
            key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException("a key cannot be made", e);
        }
    }

    /** Its key. */
    public RsaJsonWebKey key() {
        return key;
    }

    /** The address of its realm, which its tokens name as their issuer. */
    public String address() {
        return "http://localhost:" + port + REALM;
    }

    /** Answers from now on. */
    public void come() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new IllegalStateException("the provider cannot listen at port " + port, e);
        }
        answer(REALM + "/.well-known/openid-configuration", """
                {"issuer":"%1$s","jwks_uri":"%2$s","token_endpoint":"%1$s/token","authorization_endpoint":"%1$s/auth",
                "introspection_endpoint":"%1$s/introspect","response_types_supported":["code"],
                "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}""".formatted(
                        address(), "http://localhost:" + port + JWKS));
        answer(JWKS, new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        server.start();
    }

    private void answer(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    /** Answers no longer. */
    public void go() {
        server.stop(0);
        server = null;
    }

    /** What a good token of a role says. */
    public JwtClaims claims(String role) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(address());
        claims.setAudience("cairn");
        claims.setSubject("someone");
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setClaim("realm_access", Map.of("roles", new String[] {role}));
        return claims;
    }

    /** A good token of a role. */
    public String token(String role) {
        return signed(claims(role), key);
    }

    /** A token with any content, signed by any key. */
    public static String signed(JwtClaims claims, RsaJsonWebKey key) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        return compact(signature, claims);
    }

    /** A token with any content that is not signed, as its algorithm {@code none} says. */
    public static String unsigned(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(AlgorithmConstraints.ALLOW_ONLY_NONE);
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
        return compact(signature, claims);
    }

    private static String compact(JsonWebSignature signature, JwtClaims claims) {
        signature.setHeader("typ", "JWT");
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a token cannot be made", e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            go();
        }
    }
}
