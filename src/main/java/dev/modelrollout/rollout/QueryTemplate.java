package dev.modelrollout.rollout;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * PromQL with variables, which stand inside double-quoted strings only. {@code $} before anything but a letter is
 * literal.
 *
 * @param text as the user wrote it
 */
public record QueryTemplate(String text) {

    private static final String GENERATED = "[bcdfghjklmnpqrstvwxz2456789]";
    private static final int LONGEST_WITH_WHOLE_POD_NAME = 46;
    private static final String CLUSTERS = "clusters";
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of("namespace", "version", "deployment", "service", "pods", CLUSTERS));
    private static final Pattern REGEX_SIGN = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");
    private static final Pattern RATE = Pattern.compile("\\b(rate|irate|increase)\\s*\\(");

    /** Possessive: else it would recurse for each character. */
    private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])*+'|`[^`]*`");

    private static final Pattern TOKEN = Pattern.compile("\\\\.|\"|\\$([A-Za-z][A-Za-z0-9_]*)");

    /** What is wrong with it for these versions, and what to write; empty when it can be filled in. */
    public Optional<String> violation(Iterable<ModelVersion> versions) {
        var quoted = false;
        for (var token = TOKEN.matcher(text); token.find(); ) {
            var name = token.group(1);
            if (token.group().equals("\"")) {
                quoted = !quoted;
            } else if (name != null && !KNOWN.contains(name)) {
                return Optional.of("unknown variable $" + name + "; known: $" + String.join(", $", KNOWN));
            } else if (name != null && !quoted) {
                return Optional.of(
                        "$" + name + " stands outside a double-quoted string: write label=\"$" + name + "\"");
            } else if ("pods".equals(name)) {
                for (var version : versions) {
                    if (version.deployment().length() > LONGEST_WITH_WHOLE_POD_NAME) {
                        return Optional.of("$pods cannot match the pods of Deployment " + version.deployment()
                                + ": names over " + LONGEST_WITH_WHOLE_POD_NAME
                                + " characters are cut; use a label, for example {model_version=\"$version\"}");
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The function that makes rates of counters which it calls first, if any; what strings contain is no call. */
    public Optional<String> rateFunction() {
        var call = RATE.matcher(STRING.matcher(text).replaceAll("\"\""));
        return call.find() ? Optional.of(call.group(1)) : Optional.empty();
    }

    /** Whether it can be filled in only once the route is known. */
    boolean needsRoute() {
        return text.contains("$" + CLUSTERS);
    }

    /**
     * The query for one version; values are escaped, so they never leave their string.
     *
     * @param clusters a regex for the version's clusters at the gateway
     */
    public String fill(String namespace, ModelVersion version, String clusters) {
        var filled = new StringBuilder();
        var copied = 0;
        for (var at = 0; at < text.length(); at++) {
            var end = text.charAt(at) == '$' ? endOfName(at + 1) : at;
            if (end > at + 1) {
                filled.append(text, copied, at)
                        .append(escaped(value(text.substring(at + 1, end), namespace, version, clusters)));
                copied = end;
                at = end - 1;
            } else if (text.charAt(at) == '\\') {
                at++;
            }
        }
        return filled.append(text, copied, text.length()).toString();
    }

    /** Of the variable that begins here; here when none does. By hand: this is done for each query in each round. */
    private int endOfName(int begin) {
        var end = begin;
        while (end < text.length() && isInName(text.charAt(end), end > begin)) {
            end++;
        }
        return end;
    }

    private static boolean isInName(char sign, boolean isInside) {
        return (sign >= 'a' && sign <= 'z')
                || (sign >= 'A' && sign <= 'Z')
                || (isInside && (sign == '_' || (sign >= '0' && sign <= '9')));
    }

    /** As PromQL writes it in a double-quoted string. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** A regex that matches this text alone. */
    static String literal(String text) {
        return REGEX_SIGN.matcher(text).replaceAll("\\\\$0");
    }

    private static String value(String name, String namespace, ModelVersion version, String clusters) {
        return switch (name) {
            case "namespace" -> namespace;
            case "version" -> version.name();
            case "deployment" -> version.deployment();
            case "service" -> version.backend().name();
            case "pods" -> literal(version.deployment()) + "-" + GENERATED + "{5,10}-" + GENERATED + "{5}";
            case CLUSTERS -> clusters;
            default -> throw new IllegalArgumentException("unknown variable $" + name);
        };
    }
}
