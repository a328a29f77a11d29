package dev.cairn.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Signs certificates of {@code localhost}, as the authority of an organisation does; by the JDK's own tool. */
public final class CertificateAuthority {

    /** Of every key store. */
    public static final String PASSWORD = "password";

    private static final String CA = "ca";

    private final Path directory;

    private CertificateAuthority(Path directory) {
        this.directory = directory;
    }

    /**
     * What someone has who was given a certificate.
     *
     * @param certificate as PEM
     * @param key of it, as PEM
     * @param store both, as PKCS #12
     */
    public record Issued(Path certificate, Path key, Path store) {}

    /** A new one, with its files in a directory. */
    public static CertificateAuthority create(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        CertificateAuthority authority = new CertificateAuthority(directory);
        authority.keytool("-genkeypair", "-alias", CA, "-keyalg", "EC", "-dname", "CN=Authority", "-ext", "bc:c");
        Files.writeString(
                authority.certificate(),
                pem("CERTIFICATE", authority.store().getCertificate(CA).getEncoded()));
        authority.keytool(
                authority.trustStore(),
                "-importcert",
                "-noprompt",
                "-alias",
                CA,
                "-file",
                authority.certificate().toString());
        return authority;
    }

    /** Its own certificate, as PEM. */
    public Path certificate() {
        return directory.resolve("ca.crt");
    }

    /** The same, as PKCS #12. */
    public Path trustStore() {
        return directory.resolve("trust.p12");
    }

    /** A certificate of {@code localhost}, for a server and for a client. */
    public Issued issue(String name) throws IOException, GeneralSecurityException {
        Path request = directory.resolve(name + ".csr");
        Path certificate = directory.resolve(name + ".crt");
        keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name);
        keytool("-certreq", "-alias", name, "-file", request.toString());
        keytool(
                "-gencert",
                "-rfc",
                "-alias",
                CA,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "eku=serverAuth,clientAuth",
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString());
        keytool("-importcert", "-noprompt", "-alias", name, "-file", certificate.toString());
        KeyStore all = store();
        Path key = directory.resolve(name + ".key");
        Files.writeString(
                key, pem("PRIVATE KEY", all.getKey(name, PASSWORD.toCharArray()).getEncoded()));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                name, all.getKey(name, PASSWORD.toCharArray()), PASSWORD.toCharArray(), all.getCertificateChain(name));
        Path store = directory.resolve(name + ".p12");
        try (var file = Files.newOutputStream(store)) {
            own.store(file, PASSWORD.toCharArray());
        }
        return new Issued(certificate, key, store);
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    private Path keys() {
        return directory.resolve("authority.p12");
    }

    private KeyStore store() throws GeneralSecurityException, IOException {
        try (InputStream file = Files.newInputStream(keys())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD.toCharArray());
            return store;
        }
    }

    private void keytool(String... arguments) throws IOException {
        keytool(keys(), arguments);
    }

    private void keytool(Path store, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Path log = directory.resolve("keytool.log");
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(command + " ends with " + code + ": " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool ran", e);
        }
    }
}
