package dev.modelrollout.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate and its key, made for one test run.
 *
 * @param authorityPem of who signed it, maybe itself
 */
public record Identity(String algorithm, KeyStore store, String certificatePem, String authorityPem, String keyPem) {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Base64.Encoder MIME = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));

    /**
     * Signed by itself.
     *
     * @param more options of keytool
     */
    public static Identity selfSigned(Path folder, String algorithm, String... more) throws Exception {
        var file = folder.resolve(UUID.randomUUID() + ".p12");
        generate(file, "it", algorithm, more);
        return read(algorithm, file);
    }

    /**
     * Signed by an authority of its own.
     *
     * @param more options of keytool
     */
    public static Identity issued(Path folder, String... more) throws Exception {
        var file = folder.resolve(UUID.randomUUID() + ".p12");
        generate(file, "authority", "EC", "-ext", "bc:c");
        var signed = Stream.concat(Stream.of("-signer", "authority"), Stream.of(more));
        generate(file, "it", "EC", signed.toArray(String[]::new));
        return read("EC", file);
    }

    private static void generate(Path file, String alias, String algorithm, String... more) throws Exception {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var who = List.of(keytool, "-genkeypair", "-alias", alias, "-keyalg", algorithm, "-dname", "CN=" + alias);
        var where = List.of("-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", "changeit");
        var exit = new ProcessBuilder(Stream.of(who, where, List.of(more))
                        .flatMap(List::stream)
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("keytool ended with " + exit);
        }
    }

    /** A listening socket with this certificate; it admits only {@code clients}, or everybody if there are none. */
    public ServerSocket listen(Identity... clients) throws IOException, GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        for (var client : clients) {
            known.setCertificateEntry("c" + known.size(), client.store.getCertificate("it"));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(clients.length == 0 ? store : known);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(clients.length > 0);
        return socket;
    }

    private static Identity read(String algorithm, Path file) throws IOException, GeneralSecurityException {
        var made = KeyStore.getInstance(file.toFile(), PASSWORD);
        var chain = made.getCertificateChain("it");
        var key = made.getKey("it", PASSWORD);
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("it", key, PASSWORD, chain);
        return new Identity(
                algorithm,
                store,
                pem("CERTIFICATE", chain[0].getEncoded()),
                pem("CERTIFICATE", chain[chain.length - 1].getEncoded()),
                pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + MIME.encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
