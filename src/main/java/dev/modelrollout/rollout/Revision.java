package dev.modelrollout.rollout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identity of what is rolled out; a failed one never gets traffic again without a human. */
public record Revision(String id) {

    /** Of version, pod template, backend and attempt; 40 bits of SHA-256, enough for the ten that are remembered. */
    public static Revision of(ModelVersion version, String template, int attempt) {
        return new Revision(digest(
                version.name(),
                version.deployment(),
                version.backend().group(),
                version.backend().kind(),
                version.backend().name(),
                template,
                Integer.toString(attempt)));
    }

    /** Ten hexadecimal digits that differ when any of the parts does. */
    public static String digest(String... parts) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
