package dev.modelrollout.metrics.prometheus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS from PEM texts. */
final class Tls {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final char[] NO_PASSWORD = {};

    private Tls() {}

    /** Nothing older than TLS 1.2, and the host's name is verified whatever the JVM's properties say. */
    static SSLParameters strict() {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /**
     * @param trusted certificates, or null for the system's
     * @param chain of the client, or null for none
     * @param key of the client, PKCS#8
     */
    static SSLContext context(@Nullable String trusted, @Nullable String chain, @Nullable String key)
            throws GeneralSecurityException, IOException {
        var context = SSLContext.getInstance("TLS");
        context.init(
                chain == null || key == null ? null : identity(chain, key),
                trusted == null ? null : trust(trusted),
                null);
        return context;
    }

    private static TrustManager[] trust(String pem) throws GeneralSecurityException, IOException {
        var store = emptyStore();
        for (var certificate : certificates(pem)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] identity(String chainPem, String keyPem) throws GeneralSecurityException, IOException {
        var chain = certificates(chainPem);
        var key = privateKey(keyPem, chain[0].getPublicKey());
        var store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain);
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate[] certificates(String pem) throws CertificateException {
        var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
        var found = CertificateFactory.getInstance("X.509").generateCertificates(bytes);
        if (found.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        return found.toArray(Certificate[]::new);
    }

    private static PrivateKey privateKey(String pem, PublicKey counterpart) throws GeneralSecurityException {
        var from = pem.indexOf(BEGIN);
        var to = pem.indexOf(END);
        if (from < 0 || to < from) {
            throw new GeneralSecurityException("no PKCS#8 key");
        }
        var der = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
        var key = KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
        requirePair(key, counterpart);
        return key;
    }

    /** While two files are being replaced one after the other they do not belong together. */
    private static void requirePair(PrivateKey key, PublicKey counterpart) throws GeneralSecurityException {
        var signature = Signature.getInstance("EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(key);
        signature.update((byte) 1);
        var signed = signature.sign();
        signature.initVerify(counterpart);
        signature.update((byte) 1);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("key and certificate do not match");
        }
    }
}
