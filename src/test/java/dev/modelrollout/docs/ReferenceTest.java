package dev.modelrollout.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.operator.Settings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages below {@code docs/reference} say what the schema, the presets, the configuration, the metrics and the alerts
 * are. The first two are generated: {@code make crds} writes them anew; with {@code CI=true} it refuses.
 */
class ReferenceTest {

    private static final Path FIELDS = Path.of("docs/reference/modelrollout.md");
    private static final Path PRESETS = Path.of("docs/reference/presets.md");
    private static final Path FILES = Path.of("src/main/resources/presets");
    private static final Path SCHEMA = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");
    private static final Page CONFIGURATION = Page.of("docs/reference/configuration.md");
    private static final Page METRICS = Page.of("docs/reference/metrics.md");

    private static final Pattern GAUGE = Pattern.compile("gauge\\(\"(\\w+)\", \"[^\"]*\"([^)]*)\\)");
    private static final Pattern BUILT = Pattern.compile(
            "(Counter|Histogram)\\.builder\\(\\)\\s*\\.name\\(\"(\\w+)\"\\)\\s*\\.help\\([^)]*\\)\\s*(?:\\.labelNames\\(([^)]*)\\))?");
    private static final Pattern ALERT =
            Pattern.compile("- alert: (\\w+)\n(?: {8}.*\n)*? {8}(?:for: (\\w+)\n {8})?labels: \\{severity: (\\w+)}");

    @Test
    void the_fields_are_what_the_schema_says() throws IOException {
        assertSays(FIELDS, Reference.of(SCHEMA));
    }

    @Test
    void the_presets_are_what_the_files_say() throws IOException {
        var files = new LinkedHashMap<String, String>();
        for (var id : Presets.load().ids()) {
            files.put(id, Files.readString(FILES.resolve(id + ".yaml")));
        }

        assertSays(PRESETS, PresetsPage.of(files));
    }

    private static void assertSays(Path page, String expected) throws IOException {
        if (Boolean.getBoolean("update")) {
            assertThat(System.getenv("CI"))
                    .as("-Dupdate=true would make any change pass: not in CI")
                    .isNotEqualTo("true");
            Files.writeString(page, expected);
        }

        assertThat(Files.readString(page)).as("run: make crds").isEqualTo(expected);
    }

    @Test
    void the_keys_are_those_of_the_operator() {
        var keys = Stream.of(
                        keys("modelrollout.", Settings.class),
                        keys("modelrollout.providers.\"NAME\".", Settings.Provider.class),
                        keys("modelrollout.leader-election.", Settings.LeaderElection.class))
                .flatMap(stream -> stream)
                .toList();

        assertThat(CONFIGURATION.section("Keys").keys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    private static Stream<String> keys(String prefix, Class<?> settings) {
        return Stream.of(settings.getDeclaredMethods())
                .map(Method::getName)
                .filter(name -> !List.of("providers", "leaderElection").contains(name))
                .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .map(name -> prefix + (name.equals("headers") ? "headers.\"HEADER\"" : name));
    }

    @Test
    void the_metrics_are_those_of_the_operator() {
        var code = Source.read(Source.MAIN.resolve("operator/OwnMetrics.java"));
        var gauges = GAUGE.matcher(code)
                .results()
                .map(gauge -> List.of(metric(gauge.group(1), "\"namespace\", \"name\"" + gauge.group(2)), "gauge"));
        var built = BUILT.matcher(code)
                .results()
                .map(metric -> List.of(
                        metric(metric.group(2), metric.group(3)),
                        metric.group(1).toLowerCase(Locale.ROOT)));

        assertThat(METRICS.section("Metrics").rows())
                .extracting(row -> row.subList(0, 2))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(gauges, built).toList());
    }

    private static String metric(String name, String labels) {
        return "`" + name + (labels == null ? "" : "{" + labels.replaceAll("[\" ]", "") + "}") + "`";
    }

    @Test
    void the_alerts_are_those_of_the_chart() {
        var alerts = ALERT.matcher(Source.read(Path.of("helm/modelrollout/files/alerts.yaml")))
                .results()
                .map(alert -> Stream.of(
                                alert.group(1), alert.group(3), alert.group(2) == null ? "at once" : alert.group(2))
                        .collect(joining(" ")));

        assertThat(METRICS.section("Alerts").rows())
                .extracting(row -> row.get(0).replaceAll(".*`(.*)`.*", "$1") + " " + row.get(1) + " " + row.get(2))
                .containsExactlyElementsOf(alerts.toList());
    }
}
