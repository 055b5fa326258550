package dev.modelrollout.operator;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.AnswerObserver;
import dev.modelrollout.reconcile.Telemetry;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The operator's own metrics, in one registry. Series of a rollout go with it. */
@Singleton
public final class OwnMetrics implements Telemetry, AnswerObserver, Metrics {

    private static final double PERCENT = 100.0;
    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge info = gauge("modelrollout_info", "Live version and target", "live", "target");
    private final Gauge weight = gauge("modelrollout_weight", "Weight as written to the route, 0..1", "version");
    private final Gauge phase = gauge("modelrollout_phase", "1 for the phase the rollout is in", "phase");
    private final Gauge verdict =
            gauge("modelrollout_check_verdict", "1 for the verdict of the check", "check", "verdict");
    private final Gauge reason = gauge("modelrollout_reason", "1 for the reason of condition Ready", "reason");
    private final Counter transitions = Counter.builder()
            .name("modelrollout_transitions_total")
            .help("Changes of phase")
            .labelNames("from", "to", "reason")
            .register(registry);
    private final Histogram rollbacks = Histogram.builder()
            .name("modelrollout_rollback_seconds")
            .help("From first seeing what decides to the answer to the route patch")
            .classicOnly()
            .register(registry);
    private final Histogram rounds = Histogram.builder()
            .name("modelrollout_reconcile_seconds")
            .help("Duration of a round")
            .labelNames("outcome")
            .classicOnly()
            .register(registry);
    private final Counter requests = Counter.builder()
            .name("modelrollout_source_requests_total")
            .help("Questions answered, by outcome")
            .labelNames("provider", "outcome")
            .register(registry);
    private final Histogram requestTimes = Histogram.builder()
            .name("modelrollout_source_request_seconds")
            .help("Time to an answer")
            .labelNames("provider")
            .classicOnly()
            .register(registry);
    private final Map<String, List<Series>> shown = new ConcurrentHashMap<>();

    private record Series(Gauge gauge, List<String> labels) {

        /** Of a verdict; it comes after the namespace and the name of the rollout. */
        private String check() {
            return labels.get(2);
        }

        private void remove() {
            gauge.remove(labels.toArray(String[]::new));
        }
    }

    OwnMetrics() {
        JvmMetrics.builder().register(registry);
    }

    /** Everything, now. */
    MetricSnapshots scrape() {
        return registry.scrape();
    }

    private Gauge gauge(String name, String help, String... labels) {
        var all = new ArrayList<>(List.of("namespace", "name"));
        all.addAll(List.of(labels));
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames(all.toArray(String[]::new))
                .register(registry);
    }

    @Override
    public void shows(ModelRollout rollout, ModelRolloutStatus status) {
        var namespace = rollout.getMetadata().getNamespace();
        var name = rollout.getMetadata().getName();
        shown.compute(namespace + "/" + name, (key, before) -> {
            var spec = rollout.getSpec();
            var now = new Showing(namespace, name).status(spec == null ? "" : spec.target(), status);
            if (before != null) {
                before.stream().filter(series -> !now.contains(series)).forEach(series -> fall(series, now));
            }
            return now;
        });
    }

    /** What was so once and is not any more falls to 0; what is about versions and checks that are gone disappears. */
    private void fall(Series series, List<Series> now) {
        if (series.gauge() == info || series.gauge() == weight || isOfGoneCheck(series, now)) {
            series.remove();
        } else {
            series.gauge().labelValues(series.labels().toArray(String[]::new)).set(0);
            now.add(series);
        }
    }

    private boolean isOfGoneCheck(Series series, List<Series> now) {
        return series.gauge() == verdict
                && now.stream()
                        .noneMatch(other ->
                                other.gauge() == verdict && other.check().equals(series.check()));
    }

    private final class Showing {

        private final String namespace;
        private final String name;
        private final List<Series> series = new ArrayList<>();

        private Showing(String namespace, String name) {
            this.namespace = namespace;
            this.name = name;
        }

        private List<Series> status(String target, ModelRolloutStatus status) {
            set(info, 1, status.live() == null ? "" : status.live(), target);
            if (status.phase() != null) {
                set(phase, 1, status.phase());
            }
            if (status.weights() != null) {
                status.weights().forEach(entry -> set(weight, entry.weight() / PERCENT, entry.version()));
            }
            if (status.checks() != null) {
                status.checks().forEach(check -> set(verdict, 1, check.name(), check.verdict()));
            }
            if (status.conditions() != null) {
                status.conditions().stream()
                        .filter(condition -> "Ready".equals(condition.getType()))
                        .forEach(condition -> set(reason, 1, condition.getReason()));
            }
            return series;
        }

        private void set(Gauge gauge, double value, String... labels) {
            var all = new ArrayList<>(List.of(namespace, name));
            all.addAll(List.of(labels));
            gauge.labelValues(all.toArray(String[]::new)).set(value);
            series.add(new Series(gauge, all));
        }
    }

    @Override
    public void gone(String namespace, String name) {
        var series = shown.remove(namespace + "/" + name);
        if (series != null) {
            series.forEach(Series::remove);
        }
    }

    @Override
    public void moved(String from, String to, String why) {
        transitions.labelValues(from, to, why).inc();
    }

    @Override
    public void rolledBack(Duration took) {
        rollbacks.observe(took.toNanos() / NANOS);
    }

    @Override
    public void answered(String provider, Answer answer, Duration took) {
        requests.labelValues(provider, answer.fold(value -> "Answered", counters -> "Answered", Blindness::text))
                .inc();
        requestTimes.labelValues(provider).observe(took.toNanos() / NANOS);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        var begun = System.nanoTime();
        var outcome = "error";
        try {
            var result = execution.execute();
            outcome = execution.successTypeName(result);
            return result;
        } finally {
            rounds.labelValues(outcome).observe((System.nanoTime() - begun) / NANOS);
        }
    }
}
