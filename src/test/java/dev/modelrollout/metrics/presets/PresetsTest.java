package dev.modelrollout.metrics.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Selector;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.QueryTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The files of the presets, without a Prometheus. */
class PresetsTest {

    private static final String GAUGE = """
            title: Energy
            kind: gauge
            query: 'energy{pod=~"$pods"}'
            better: lower
            defaults: {worseThanStable: 20%}
            view: server
            needs: an exporter
            caveats: none known
            source: its manual
            """;
    private static final Presets PRESETS = Presets.load();
    private static final ModelVersion V1 = new ModelVersion("v1", "chat", Backend.service("chat"));
    private static final ModelVersion V2 = new ModelVersion("v2", "chat-v2", Backend.service("chat-v2"));
    private static final String COUNTS = """
            title: Failed requests
            kind: counts
            bad: 'requests_total{pod=~"$pods",code=~"5.."}'
            total: 'requests_total{pod=~"$pods"}'
            perPod: true
            defaults: {worseThanStable: 10%, max: "0.5"}
            view: client
            needs: a gateway
            caveats: none known
            source: its manual
            """;

    @Test
    void the_index_lists_the_files() {
        assertThat(PRESETS.ids()).isEqualTo(List.copyOf(Fixture.ids()));
    }

    @Test
    void each_preset_has_a_fixture_and_each_fixture_a_preset() {
        assertThat(Fixture.expectedIds()).isEqualTo(Fixture.ids());
        assertThat(Fixture.families())
                .containsExactlyElementsOf(
                        PRESETS.ids().stream().map(Fixture::family).distinct().toList());
    }

    @Test
    void all_but_one_have_limits() {
        assertThat(all().filter(preset -> preset.defaults().isEmpty()))
                .extracting(Preset::id)
                .containsExactly("vllm/queue");
        assertThat(all().flatMap(preset -> preset.defaults().keySet().stream()))
                .isSubsetOf("worseThanStable", "max", "min", "maxDifference", "minDifference", "failures");
    }

    @Test
    void each_is_found_by_its_id() {
        assertThat(PRESETS.find("vllm/errors")).map(Preset::id).contains("vllm/errors");
        assertThat(PRESETS.find("vllm/none")).isEmpty();
        assertThat(PRESETS.find("index")).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> each_query_tells_the_versions_apart() {
        return all().map(preset -> dynamicTest(
                preset.id(),
                () -> assertThat(texts(preset)).allSatisfy(text -> {
                    var template = new QueryTemplate(text);
                    assertThat(template.violation(List.of(V1, V2))).isEmpty();
                    assertThat(template.fill("serving", V1, "a")).isNotEqualTo(template.fill("serving", V2, "b"));
                })));
    }

    /** What is left of a query without its strings does not depend on the names. */
    @TestFactory
    Stream<DynamicTest> no_name_leaves_its_string() {
        var hostile = "a\"} or vector(1) #\\\n";
        var version = new ModelVersion(hostile, hostile, Backend.service(hostile));
        return all().map(preset -> dynamicTest(
                preset.id(),
                () -> assertThat(texts(preset)).allSatisfy(text -> {
                    var template = new QueryTemplate(text);
                    assertThat(withoutStrings(template.fill(hostile, version, hostile)))
                            .isEqualTo(withoutStrings(template.fill("serving", V1, "a")));
                })));
    }

    @TestFactory
    Stream<DynamicTest> each_counter_is_one() {
        return all().map(preset -> dynamicTest(preset.id(), () -> {
            var exposition = Fixture.exposition(Fixture.family(preset.id()));
            var selectors = preset.measure()
                    .fold(
                            counts -> List.of(counts.bad(), counts.total()),
                            latency -> List.of(latency.buckets()),
                            gauge -> List.<Selector>of());

            assertThat(selectors)
                    .allSatisfy(selector -> assertThat(exposition.lines().stream()
                                    .map(Exposition.Line::name)
                                    .filter(name -> selects(selector, name))
                                    .map(exposition::type))
                            .isNotEmpty()
                            .isSubsetOf("counter", "histogram"));
        }));
    }

    @Test
    void a_file_says_all_of_it() {
        assertThat(PresetReader.read("gateway/errors", COUNTS))
                .isEqualTo(new Preset(
                        "gateway/errors",
                        "Failed requests",
                        new Measure.Counts(
                                new Selector("requests_total{pod=~\"$pods\",code=~\"5..\"}"),
                                new Selector("requests_total{pod=~\"$pods\"}")),
                        true,
                        Map.of("worseThanStable", "10%", "max", "0.5"),
                        Preset.View.CLIENT,
                        "a gateway",
                        "none known",
                        "its manual"));
    }

    @Test
    void a_gauge_says_which_way_is_better() {
        assertThat(PresetReader.read("gpu/energy", GAUGE).measure())
                .isEqualTo(new Measure.Gauge("energy{pod=~\"$pods\"}", Better.LOWER));
    }

    @TestFactory
    Stream<DynamicTest> what_is_no_preset_is_refused() {
        return Stream.of(
                        Map.entry("an unknown key", COUNTS + "unit: s\n"),
                        Map.entry("an unknown kind", COUNTS.replace("kind: counts", "kind: sums")),
                        Map.entry("a key of another kind", COUNTS.replace("kind: counts", "kind: plain")),
                        Map.entry("a missing key", COUNTS.replace("needs: a gateway\n", "")),
                        Map.entry("a key twice", COUNTS + "view: client\n"),
                        Map.entry(
                                "a gauge that does not say which way is better", GAUGE.replace("better: lower\n", "")),
                        Map.entry("a gauge that is better neither way", GAUGE.replace("lower", "up")),
                        Map.entry("an unknown view", COUNTS.replace("view: client", "view: mesh")),
                        Map.entry("a text for a flag", COUNTS.replace("perPod: true", "perPod: 'yes'")),
                        Map.entry(
                                "a function",
                                COUNTS.replace(
                                        "bad: 'requests_total{pod=~\"$pods\",code=~\"5..\"}'",
                                        "bad: 'rate(requests_total{pod=~\"$pods\"}[1m])'")),
                        Map.entry("a limit that is no text", COUNTS.replace("\"0.5\"", "{}")),
                        Map.entry("an empty text", COUNTS.replace("source: its manual", "source: ''")),
                        Map.entry("a list", "- title\n"),
                        Map.entry("nothing", ""),
                        Map.entry("no YAML", "title: ["))
                .map(c -> dynamicTest(
                        c.getKey(),
                        () -> assertThatIllegalArgumentException()
                                .isThrownBy(() -> PresetReader.read("a/b", c.getValue()))
                                .withMessageStartingWith("preset a/b: ")));
    }

    private static Stream<Preset> all() {
        return PRESETS.ids().stream().map(id -> PRESETS.find(id).orElseThrow());
    }

    private static List<String> texts(Preset preset) {
        return preset.measure()
                .fold(
                        counts -> List.of(counts.bad().text(), counts.total().text()),
                        latency -> List.of(latency.buckets().text()),
                        gauge -> List.of(gauge.query()));
    }

    private static String withoutStrings(String query) {
        return query.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "\"\"");
    }

    private static boolean selects(Selector selector, String name) {
        var text = selector.text();
        return text.startsWith("{")
                ? name.matches(text.substring(text.indexOf('"') + 1, text.indexOf("\",")))
                : name.equals(text.substring(0, text.indexOf('{')));
    }
}
