package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class AlertsTest {

    /** The operator's own, without the parts of histograms. */
    private static final Set<String> METRICS = Set.of(
            "modelrollout_info",
            "modelrollout_weight",
            "modelrollout_phase",
            "modelrollout_check_verdict",
            "modelrollout_reason",
            "modelrollout_transitions_total",
            "modelrollout_rollback_seconds",
            "modelrollout_reconcile_seconds",
            "modelrollout_source_requests_total",
            "modelrollout_source_request_seconds");

    private static final Pattern METRIC = Pattern.compile("\\bmodelrollout_\\w+");

    @Test
    void each_situation_that_needs_a_person_has_an_alert() {
        var alerts = alerts();

        assertThat(alerts)
                .extracting(alert -> alert.path("alert").asText())
                .containsExactly(
                        "ModelRolloutRolledBack",
                        "ModelRolloutHalted",
                        "ModelRolloutBlind",
                        "ModelRolloutStuckInStep",
                        "ModelRolloutAtMaxWeight",
                        "ModelRolloutRouteNotProgrammed",
                        "ModelRolloutDrifted",
                        "ModelRolloutUnreadable",
                        "ModelRolloutProviderFailing",
                        "ModelRolloutOperatorDown");
    }

    @Test
    void an_alert_asks_only_for_metrics_that_exist() {
        var asked = alerts().stream()
                .flatMap(alert -> METRIC.matcher(alert.path("expr").asText()).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertThat(asked).isNotEmpty().isSubsetOf(METRICS);
    }

    @Test
    void an_alert_says_how_bad_it_is_and_what_to_do() {
        var alerts = alerts();

        assertThat(alerts).allSatisfy(alert -> {
            assertThat(alert.path("labels").path("severity").asText()).isIn("info", "warning", "critical");
            assertThat(alert.path("annotations").path("summary").asText()).isNotBlank();
            assertThat(alert.path("annotations").path("description").asText()).endsWith(".");
        });
    }

    @Test
    void an_alert_leads_to_the_section_of_the_runbook_that_is_named_like_it() {
        var page = "https://wiki.example/troubleshooting";
        var alerts = alerts("monitoring: {prometheusRule: {enabled: true, runbookUrl: %s}}".formatted(page));

        assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
            var section = alert.path("alert").asText().substring("ModelRollout".length());
            assertThat(alert.path("annotations").path("runbook_url").asText())
                    .isEqualTo(page + "#" + section.toLowerCase(Locale.ROOT));
        });
        assertThat(alerts()).noneMatch(alert -> alert.path("annotations").has("runbook_url"));
    }

    @Test
    void the_pods_are_scraped_as_the_job_that_an_alert_expects() {
        var monitor = only("PodMonitor", "monitoring: {podMonitor: {enabled: true}, labels: {release: prometheus}}");

        assertThat(monitor.getMetadata().getLabels())
                .containsEntry("release", "prometheus")
                .containsEntry("app.kubernetes.io/name", "modelrollout");
        assertThat(monitor.<String>get("spec", "jobLabel")).isEqualTo("app.kubernetes.io/name");
        assertThat(monitor.<Boolean>get("spec", "podMetricsEndpoints", 0, "honorLabels"))
                .isTrue();
    }

    private static List<JsonNode> alerts() {
        return alerts("monitoring: {prometheusRule: {enabled: true}}");
    }

    private static List<JsonNode> alerts(String values) {
        var rule = only("PrometheusRule", values);
        var groups = new ObjectMapper().valueToTree(rule.get("spec", "groups"));
        return StreamSupport.stream(groups.path(0).path("rules").spliterator(), false)
                .map(JsonNode.class::cast)
                .toList();
    }

    private static GenericKubernetesResource only(String kind, String values) {
        return Chart.render(values).objects().stream()
                .filter(object -> object.getKind().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
