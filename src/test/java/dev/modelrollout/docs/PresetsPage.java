package dev.modelrollout.docs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page that the files of the presets give: a table of all, then what each of them asks. */
final class PresetsPage {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final List<String> QUERIES = List.of("bad", "total", "buckets", "query");

    private final StringBuilder page = new StringBuilder();

    private PresetsPage() {}

    /**
     * The page.
     *
     * @param presets text of each file, by id, in the order of the page
     */
    static String of(Map<String, String> presets) {
        var page = new PresetsPage();
        page.head();
        presets.forEach((id, file) -> page.row(id, YAML.unmarshal(file, JsonNode.class)));
        page.line("");
        page.line("## What they ask");
        page.line("");
        page.line("`counts` and `latency` are asked as `sum by (job, pod, instance) (...)`, with `le` for buckets.");
        presets.forEach((id, file) -> page.section(id, YAML.unmarshal(file, JsonNode.class)));
        return page.page.toString();
    }

    private void head() {
        line("# Presets");
        line("");
        line("Generated from `src/main/resources/presets`: change the files, not this page. How to use one:"
                + " [checks](../checks.md#presets).");
        line("");
        line("A limit that you set replaces that of the preset. One of kind `latency` needs `slowerThan`; of the kinds"
                + " `gauge` and `plain` it is a [query](../checks.md#what-a-reading-of-a-query-does). *Client* counts at a gateway or"
                + " in the mesh, and sees what a pod that crashed cannot tell; *server* is told by the version's own"
                + " pods.");
        line("");
        line("| id | what it measures | kind | default limits | counted by | needs |");
        line("|---|---|---|---|---|---|");
    }

    private void row(String id, JsonNode preset) {
        line(Stream.of(
                        "[`" + id + "`](#" + id.replace("/", "") + ")",
                        text(preset, "title"),
                        text(preset, "kind"),
                        limits(preset.path("defaults")),
                        text(preset, "view"),
                        text(preset, "needs"))
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |")));
    }

    private static String limits(JsonNode defaults) {
        return defaults.isEmpty()
                ? "none: set one"
                : defaults.properties().stream()
                        .map(limit -> "`" + limit.getKey() + ": "
                                + asYaml(limit.getKey(), limit.getValue().asText()) + "`")
                        .collect(Collectors.joining(", "));
    }

    /** As the spec wants it: a limit is a text, also where it looks like a number. */
    private static String asYaml(String field, String value) {
        return field.equals("failures") || value.endsWith("%") ? value : "\"" + value + "\"";
    }

    private void section(String id, JsonNode preset) {
        line("");
        line("### " + id);
        line("");
        line(text(preset, "caveats")
                + (preset.has("perPod") ? coverage(preset.get("perPod").asBoolean()) : "")
                + (preset.has("unit") ? " Unit of the bounds: " + text(preset, "unit") + "." : "")
                + (preset.has("better") ? " Better: " + text(preset, "better") + "." : ""));
        line("");
        line("```promql");
        QUERIES.stream().filter(preset::has).forEach(query -> line("# " + query + "\n" + text(preset, query)));
        line("```");
        line("");
        line("Source: " + text(preset, "source") + ".");
    }

    private static String coverage(boolean isPerPod) {
        return isPerPod
                ? " Each ready pod has to answer: else `Coverage`."
                : " A pod that does not answer is not missed.";
    }

    private static String text(JsonNode preset, String key) {
        return preset.path(key).asText();
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
