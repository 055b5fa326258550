package dev.modelrollout.metrics.presets;

import static dev.modelrollout.metrics.presets.Story.tick;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.presets.Exposition.Product;
import dev.modelrollout.metrics.presets.Story.Actor;
import dev.modelrollout.metrics.prometheus.PrometheusProvider;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each preset finds in a real Prometheus what its engine exposes, of its version alone. */
@NeedsPrometheus
@Timeout(120)
class PresetQueriesTest {

    private static final int TICKS = 8;
    private static final Presets PRESETS = Presets.load();
    private static final List<ModelVersion> VERSIONS =
            List.of(version("v1", "chat"), version("v2", "chat-v2"), version("v3", "chat-v3"));

    private static final RouteRef ROUTE =
            new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat.web", null);

    /** Rule 1 in between is not managed. */
    private static final RouteView VIEW = new RouteView("uid", 1, List.of(rule(0), rule(2)), null, null, null);

    @TempDir
    static Path folder;

    static Prometheus prometheus;
    static MetricSource source;

    @BeforeAll
    static void fill() throws IOException {
        prometheus = Prometheus.start(folder, "scrape_configs: []");
        for (var family : Fixture.families()) {
            prometheus.write(timed(Fixture.exposition(family).samples()));
        }
        source = new PrometheusProvider(
                        "main", prometheus.url(), Duration.ofSeconds(20), null, null, null, null, null, null, Map.of())
                .open(InstantSource.system(), "1.2.3");
    }

    @AfterAll
    static void stop() {
        prometheus.close();
    }

    @TestFactory
    Stream<DynamicTest> each_preset() {
        return PRESETS.ids().stream()
                .map(id -> PRESETS.find(id).orElseThrow())
                .flatMap(preset -> VERSIONS.stream()
                        .map(version -> dynamicTest(
                                preset.id() + " of " + version.name(), () -> new Proof(preset, version).run())));
    }

    private record Proof(Preset preset, ModelVersion version, Exposition exposition, Expected expected) {

        Proof(Preset preset, ModelVersion version) {
            this(preset, version, Fixture.exposition(Fixture.family(preset.id())), Fixture.expected(preset.id()));
        }

        void run() {
            preset.measure()
                    .<Runnable>fold(
                            counts -> () -> finds(counts),
                            latency -> () -> finds(latency),
                            gauge -> () -> finds(gauge.query()))
                    .run();
        }

        private void finds(Measure.Counts counts) {
            finds(counts.total().perInstance(), tick -> counters(tick, Map.of("", expected.total(tick))));
            finds(counts.bad().perInstance(), tick -> counters(tick, Map.of("", expected.bad(tick))));
        }

        /** The bounds are listed at the last tick, by whatever texts they have then; two of them are asked. */
        private void finds(Measure.Latency latency) {
            var texts = bounds(latency);
            var wanted = texts.entrySet().stream()
                    .filter(text -> text.getKey().equals(expected.bound())
                            || text.getKey().isInfinite())
                    .map(Map.Entry::getValue)
                    .toList();

            assertThat(texts.keySet().stream().filter(Double::isFinite))
                    .containsExactlyElementsOf(isThere() ? requireNonNull(expected.bounds()) : List.of());
            assertThat(wanted).hasSize(isThere() ? 2 : 0);
            finds(
                    isThere()
                            ? latency.buckets().perBucket(wanted)
                            : latency.buckets().perBucket(),
                    tick -> counters(
                            tick,
                            isThere()
                                    ? Map.of(
                                            wanted.get(0), requireNonNull(expected.within()),
                                            wanted.get(1), requireNonNull(expected.all()))
                                    : Map.of()));
        }

        private TreeMap<Double, String> bounds(Measure.Latency latency) {
            var texts = new TreeMap<Double, String>();
            ask(latency.buckets().bounds(), tick(TICKS), Form.COUNTERS)
                    .<Collection<Series>>fold(
                            value -> List.of(), counters -> counters.values().keySet(), why -> List.of())
                    .forEach(series -> texts.put(series.bound().orElseThrow(), series.le()));
            return texts;
        }

        private boolean isThere() {
            return exposition.story().actors().stream().anyMatch(this::isMine);
        }

        private void finds(String query, IntFunction<Answer> answer) {
            var ticks = IntStream.rangeClosed(1, TICKS).mapToObj(Story::tick).toList();
            var answers = IntStream.rangeClosed(1, TICKS).mapToObj(answer).toList();

            assertThat(source.askRange(question(query, Form.COUNTERS), ticks)
                            .orTimeout(30, SECONDS)
                            .join())
                    .isEqualTo(answers);
            assertThat(ask(query, ticks.get(2), Form.COUNTERS)).isEqualTo(answers.get(2));
        }

        private void finds(String query) {
            var number = expected.number(version.name());
            var answer = ask(query, tick(requireNonNull(expected.at())), Form.NUMBER);

            assertThat(answer.<Object>fold(
                            value -> Math.abs(value - numberOr(number, Double.NaN)) < 1e-12 ? number : value,
                            counters -> counters,
                            Blindness::text))
                    .isEqualTo(number);
        }

        private static double numberOr(String text, double otherwise) {
            return text.matches("[0-9.]+") ? Double.parseDouble(text) : otherwise;
        }

        /** What all processes of this version have counted, by bound. */
        private Answer counters(int tick, Map<String, String> perRound) {
            var values = new HashMap<Series, Double>();
            for (var actor : exposition.story().actors()) {
                if (isMine(actor) && actor.isThere(tick)) {
                    perRound.forEach((le, factors) -> {
                        if (!factors.equals(Blindness.NO_DATA.text())) {
                            var value = new Product(factors).of(actor, tick) * actor.rounds(tick);
                            values.merge(series(actor, le), value, Double::sum);
                        }
                    });
                }
            }
            return values.isEmpty()
                    ? new Answer.Missing(tick(tick), Blindness.NO_DATA)
                    : new Answer.Counters(tick(tick), values);
        }

        private Series series(Actor actor, String le) {
            var target = exposition.target(actor);
            return new Series(
                    requireNonNull(target.get("job")),
                    requireNonNull(target.get("pod")),
                    requireNonNull(target.get("instance")),
                    le);
        }

        private boolean isMine(Actor actor) {
            return actor.version().equals(version.name())
                    && (actor.namespace().equals("serving") || actor.namespace().equals(expected.adds()));
        }

        private Answer ask(String query, Instant tick, Form form) {
            return source.ask(question(query, form), tick)
                    .orTimeout(30, SECONDS)
                    .join();
        }

        private Question question(String query, Form form) {
            return new Question(
                    "main",
                    new QueryTemplate(query).fill("serving", version, VIEW.clusters(ROUTE, version.name())),
                    Story.INTERVAL,
                    form);
        }
    }

    private static ManagedRule rule(int index) {
        var refs = IntStream.range(0, VERSIONS.size())
                .mapToObj(at -> new Ref(at, VERSIONS.get(at).name(), 1, true, Map.of()))
                .toList();
        return new ManagedRule(index, null, refs);
    }

    private static ModelVersion version(String name, String deployment) {
        return new ModelVersion(name, deployment, Backend.service(deployment));
    }

    private static Map<Map<String, String>, Map<Instant, Double>> timed(
            Map<Map<String, String>, Map<Integer, Double>> samples) {
        return samples.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        series -> series.getValue().entrySet().stream()
                                .collect(Collectors.toMap(
                                        sample -> Story.scrape(sample.getKey()), Map.Entry::getValue))));
    }
}
