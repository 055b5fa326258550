package dev.modelrollout.analysis;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Raw counters, as PromQL selects them: a metric's name with labels in braces, and nothing around it. It may hold
 * variables.
 */
public record Selector(String text) {

    private static final Pattern BARE = Pattern.compile(
            "(?:[A-Za-z_:][A-Za-z0-9_:]*+\\s*+)?" + "(?:\\{(?:[^\"'`{}()\\[\\]]++|\"(?:[^\"\\\\]++|\\\\.)*+\")*+})?");

    /** @throws IllegalArgumentException when there is anything around it, above all a function */
    public Selector {
        text = text.strip();
        if (text.isEmpty() || !BARE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a bare selector: write NAME{LABEL=\"VALUE\"}, without functions");
        }
    }

    /** The query for one counter of each scraped process. */
    public String perInstance() {
        return "sum by (job, pod, instance) (" + text + ")";
    }

    /** The query for each bucket of each scraped process. */
    public String perBucket() {
        return "sum by (job, pod, instance, le) (" + text + ")";
    }

    /**
     * The query for some buckets of each scraped process.
     *
     * @param bounds {@link Series#le()} of the buckets, as the server writes them; not empty
     */
    public String perBucket(Collection<String> bounds) {
        var any = bounds.stream().map(Selector::literal).collect(Collectors.joining("|"));
        return new Selector(with("le=~\"" + any + "\"")).perBucket();
    }

    /** The query that counts for each bound how many buckets have it. */
    public String bounds() {
        return "count by (le) (" + text + ")";
    }

    private String with(String matcher) {
        if (!text.endsWith("}")) {
            return text + "{" + matcher + "}";
        }
        var open = text.substring(0, text.length() - 1).stripTrailing();
        return open + (open.endsWith("{") || open.endsWith(",") ? "" : ",") + matcher + "}";
    }

    /** As a part of a regular expression in a string. */
    private static String literal(String bound) {
        return bound.replace(".", "[.]").replace("+", "[+]");
    }
}
