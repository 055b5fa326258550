package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a scrape shows. */
class OwnMetricsTest {

    private final OwnMetrics metrics = new OwnMetrics();

    @Test
    void a_rollout_has_a_series_for_each_thing_that_is_so() {
        show("Progressing", 10, "Undecided");

        assertThat(series())
                .contains(
                        "modelrollout_info{live=\"v1\",name=\"chat\",namespace=\"serving\",target=\"v2\"} 1.0",
                        "modelrollout_weight{name=\"chat\",namespace=\"serving\",version=\"v1\"} 0.9",
                        "modelrollout_weight{name=\"chat\",namespace=\"serving\",version=\"v2\"} 0.1",
                        "modelrollout_phase{name=\"chat\",namespace=\"serving\",phase=\"Progressing\"} 1.0",
                        "modelrollout_check_verdict{check=\"errors\",name=\"chat\",namespace=\"serving\",verdict=\"Undecided\"}"
                                + " 1.0");
    }

    @Test
    void what_is_not_so_any_more_falls_to_zero() {
        show("Progressing", 10, "Undecided");
        show("RolledBack", 0, "Harmful");

        assertThat(series())
                .contains(
                        "modelrollout_phase{name=\"chat\",namespace=\"serving\",phase=\"Progressing\"} 0.0",
                        "modelrollout_phase{name=\"chat\",namespace=\"serving\",phase=\"RolledBack\"} 1.0",
                        "modelrollout_check_verdict{check=\"errors\",name=\"chat\",namespace=\"serving\",verdict=\"Undecided\"}"
                                + " 0.0",
                        "modelrollout_reason{name=\"chat\",namespace=\"serving\",reason=\"AtMaxWeight\"} 0.0",
                        "modelrollout_reason{name=\"chat\",namespace=\"serving\",reason=\"CheckFailed\"} 1.0");
    }

    @Test
    void a_rollout_without_a_spec_is_shown_too() {
        var rollout = new ModelRollout();
        rollout.setMetadata(new ObjectMetaBuilder()
                .withNamespace("serving")
                .withName("chat")
                .build());
        metrics.shows(
                rollout, new ModelRolloutStatus(1L, null, null, null, null, null, null, null, null, List.of(), null));

        assertThat(series())
                .contains("modelrollout_info{live=\"\",name=\"chat\",namespace=\"serving\",target=\"\"} 1.0");
    }

    @Test
    void a_deleted_rollout_leaves_no_series() {
        show("Progressing", 10, "Undecided");
        show("RolledBack", 0, "Harmful");
        metrics.gone("serving", "chat");

        assertThat(series()).noneMatch(line -> line.contains("name=\"chat\""));
    }

    @Test
    void a_rollout_of_the_same_name_elsewhere_has_series_of_its_own() {
        var ofThis = "modelrollout_phase{name=\"chat\",namespace=\"serving\",phase=\"Progressing\"} 1.0";
        var ofTheOther = "modelrollout_phase{name=\"chat\",namespace=\"other\",phase=\"Progressing\"} 1.0";
        show("Progressing", 10, "Undecided");
        show("other", "v1", "Progressing", 10, "Undecided", "errors");
        assertThat(series()).contains(ofThis, ofTheOther);
        metrics.gone("serving", "chat");

        assertThat(series()).contains(ofTheOther).doesNotContain(ofThis);
    }

    @Test
    void a_version_that_is_gone_has_no_number() {
        show("Progressing", 10, "Undecided");
        show("v3", "Progressing", 10, "Undecided");

        assertThat(series())
                .filteredOn(line -> line.startsWith("modelrollout_info{") || line.startsWith("modelrollout_weight{"))
                .containsExactlyInAnyOrder(
                        "modelrollout_info{live=\"v3\",name=\"chat\",namespace=\"serving\",target=\"v2\"} 1.0",
                        "modelrollout_weight{name=\"chat\",namespace=\"serving\",version=\"v3\"} 0.9",
                        "modelrollout_weight{name=\"chat\",namespace=\"serving\",version=\"v2\"} 0.1");
    }

    @Test
    void a_check_that_is_gone_has_no_verdict() {
        show("v1", "Progressing", 10, "Undecided", "errors");
        show("v1", "Progressing", 10, "Harmful", "errors");
        show("v1", "Progressing", 10, "Undecided", "latency");

        assertThat(series())
                .filteredOn(line -> line.startsWith("modelrollout_check_verdict{"))
                .containsExactly(
                        "modelrollout_check_verdict{check=\"latency\",name=\"chat\",namespace=\"serving\",verdict=\"Undecided\"}"
                                + " 1.0");
    }

    @Test
    void rounds_are_timed_by_what_they_come_to() throws Exception {
        assertThat(metrics.timeControllerExecution(new TimedRound(() -> "fine")))
                .isEqualTo("fine");
        assertThatThrownBy(() -> metrics.timeControllerExecution(new TimedRound(() -> {
                    throw new IllegalStateException("broken");
                })))
                .hasMessage("broken");

        assertThat(series())
                .contains(
                        "modelrollout_reconcile_seconds_count{outcome=\"done fine\"} 1",
                        "modelrollout_reconcile_seconds_count{outcome=\"error\"} 1");
    }

    @Test
    void a_round_takes_seconds_as_they_pass() throws Exception {
        var begun = System.nanoTime();
        metrics.timeControllerExecution(new TimedRound(() -> String.valueOf(series().length)));
        var passed = (System.nanoTime() - begun) / 1e9;

        assertThat(series())
                .filteredOn(line -> line.startsWith("modelrollout_reconcile_seconds_sum{"))
                .singleElement()
                .satisfies(line -> assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .isPositive()
                        .isLessThanOrEqualTo(passed));
    }

    private record TimedRound(Callable<String> work) implements Metrics.ControllerExecution<String> {

        @Override
        public String name() {
            return "reconcile";
        }

        @Override
        public String controllerName() {
            return "modelrollout";
        }

        @Override
        public String successTypeName(String result) {
            return "done " + result;
        }

        @Override
        public ResourceID resourceID() {
            return new ResourceID("chat", "serving");
        }

        @Override
        public Map<String, Object> metadata() {
            return Map.of();
        }

        @Override
        public String execute() throws Exception {
            return work.call();
        }
    }

    @Test
    void answers_are_counted_by_what_they_are() {
        metrics.answered("default", new Answer.Value(Instant.EPOCH, 1), Duration.ofMillis(10));
        metrics.answered(
                "default",
                new Answer.Counters(Instant.EPOCH, Map.of(new Series("", "", "", ""), 1.0)),
                Duration.ofMillis(10));
        metrics.answered("default", new Answer.Missing(Instant.EPOCH, Blindness.TIMEOUT), Duration.ofSeconds(5));

        assertThat(series())
                .contains(
                        "modelrollout_source_requests_total{outcome=\"Answered\",provider=\"default\"} 2.0",
                        "modelrollout_source_requests_total{outcome=\"Timeout\",provider=\"default\"} 1.0",
                        "modelrollout_source_request_seconds_count{provider=\"default\"} 3",
                        "modelrollout_source_request_seconds_sum{provider=\"default\"} 5.02");
    }

    @Test
    void the_reason_is_that_of_ready() {
        show("Progressing", 10, "Undecided");

        assertThat(series())
                .filteredOn(line -> line.startsWith("modelrollout_reason{"))
                .containsExactly("modelrollout_reason{name=\"chat\",namespace=\"serving\",reason=\"AtMaxWeight\"} 1.0");
    }

    @Test
    void moves_are_counted_and_rollbacks_timed() {
        metrics.moved("Progressing", "RolledBack", "CheckFailed");
        metrics.rolledBack(Duration.ofSeconds(2));

        assertThat(series())
                .contains(
                        "modelrollout_transitions_total{from=\"Progressing\",reason=\"CheckFailed\",to=\"RolledBack\"} 1.0",
                        "modelrollout_rollback_seconds_count 1",
                        "modelrollout_rollback_seconds_sum 2.0");
    }

    private void show(String phase, int weight, String verdict) {
        show("v1", phase, weight, verdict);
    }

    private void show(String live, String phase, int weight, String verdict) {
        show(live, phase, weight, verdict, "errors");
    }

    private void show(String live, String phase, int weight, String verdict, String check) {
        show("serving", live, phase, weight, verdict, check);
    }

    private void show(String namespace, String live, String phase, int weight, String verdict, String check) {
        var rollout = new KubernetesSerialization()
                .unmarshal(
                        """
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: chat, namespace: %s}
                spec:
                  route: {name: chat}
                  versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}]
                  target: v2
                status:
                  phase: %s
                  live: %s
                  weights: [{version: %3$s, weight: %d}, {version: v2, weight: %d}]
                  checks: [{name: %s, verdict: %s, at: now}]
                  conditions: [{type: Ready, status: Unknown, reason: %s},
                               {type: Drifted, status: "False", reason: AsWritten}]
                """.formatted(
                                        namespace,
                                        phase,
                                        live,
                                        100 - weight,
                                        weight,
                                        check,
                                        verdict,
                                        phase.equals("RolledBack") ? "CheckFailed" : "AtMaxWeight"),
                        ModelRollout.class);
        ModelRolloutStatus status = Objects.requireNonNull(rollout.getStatus());
        metrics.shows(rollout, status);
    }

    private String[] series() {
        var text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, metrics.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toArray(String[]::new);
    }
}
