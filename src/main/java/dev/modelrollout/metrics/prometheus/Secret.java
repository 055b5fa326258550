package dev.modelrollout.metrics.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.regex.Pattern;

/** The value of an {@code Authorization} header, made of the first line of a file; never shown. */
record Secret(String value) {

    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    /** @throws IllegalArgumentException when the line is not one visible ASCII word */
    static Secret bearer(String file) {
        var token = firstLine(file);
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("not a token");
        }
        return new Secret("Bearer " + token);
    }

    /** @throws IllegalArgumentException when the line is empty */
    static Secret basic(String username, String file) {
        var password = firstLine(file);
        if (password.isEmpty()) {
            throw new IllegalArgumentException("no password");
        }
        var pair = (username + ":" + password).getBytes(UTF_8);
        return new Secret("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @Override
    public String toString() {
        return "***";
    }

    private static String firstLine(String file) {
        return file.lines().findFirst().orElse("");
    }
}
