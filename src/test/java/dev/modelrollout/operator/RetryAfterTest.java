package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.reconcile.ModelRolloutReconciler;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final String ROUTE =
            "https://api/apis/gateway.networking.k8s.io/v1/namespaces/serving/httproutes/chat";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RetryAfter retryAfter = new RetryAfter(() -> now);

    @ParameterizedTest(name = "{0} with Retry-After {1}: {2} s")
    @CsvSource({
        "429, 30, 30",
        "429, 31, 30",
        "429, 9999, 30",
        "429, 10000, 0",
        "503, 7, 7",
        "500, 30, 0",
        "200, 30, 0",
        "429, soon, 0",
        "429, 99999999999999, 0"
    })
    void a_refusal_tells_how_long_to_wait(int code, String header, long seconds) {
        answered(code, header);

        assertThat(retryAfter.left("serving")).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void a_round_that_failed_is_tried_again_for_ever_every_five_seconds_at_least() {
        var retry = ModelRolloutReconciler.class.getAnnotation(GradualRetry.class);

        assertThat(retry.maxAttempts()).isEqualTo(Integer.MAX_VALUE);
        assertThat(retry.maxInterval()).isEqualTo(5_000);
        assertThat(retry.initialInterval()).isEqualTo(1_000);
        assertThat(retry.intervalMultiplier()).isEqualTo(2);
    }

    @Test
    void each_change_of_a_rollout_makes_a_round_and_each_hour_too() {
        var its = ModelRolloutReconciler.class.getAnnotation(ControllerConfiguration.class);

        assertThat(its.generationAwareEventProcessing()).isFalse();
        assertThat(its.maxReconciliationInterval())
                .returns(1L, MaxReconciliationInterval::interval)
                .returns(TimeUnit.HOURS, MaxReconciliationInterval::timeUnit);
    }

    @Test
    void the_wait_passes() {
        answered(429, "30");
        now = now.plusSeconds(29);
        var almost = retryAfter.left("serving");
        now = now.plusSeconds(2);

        assertThat(almost).isEqualTo(Duration.ofSeconds(1));
        assertThat(retryAfter.left("serving")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api/apis/events.k8s.io/v1/namespaces/serving/events",
                "https://api/apis/coordination.k8s.io/v1/namespaces/serving/leases/modelrollout-operator",
                "https://api/apis/gateway.networking.k8s.io/v1/namespaces/other/httproutes/chat",
                "https://api/apis/apps/v1/deployments"
            })
    void what_is_no_part_of_its_rounds_delays_no_namespace(String uri) {
        answered(uri, 429, "30");

        assertThat(retryAfter.left("serving")).isZero();
    }

    @Test
    void a_refusal_elsewhere_leaves_what_was_asked_for() {
        answered(429, "30");
        answered(ROUTE.replace("serving", "other"), 429, "7");

        assertThat(retryAfter.left("serving")).isEqualTo(Duration.ofSeconds(30));
        assertThat(retryAfter.left("other")).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void a_failed_round_comes_back_when_asked_to() {
        answered(429, "30");
        var asked = failed();
        now = now.plusSeconds(30);

        assertThat(asked.getScheduleDelay()).contains(Duration.ofSeconds(30).toMillis());
        assertThat(failed().isDefaultErrorProcessing()).isTrue();
    }

    @SuppressWarnings("NullAway") // neither the readings nor the context matter to a round that has failed
    private ErrorStatusUpdateControl<ModelRollout> failed() {
        var rollout = new ModelRollout();
        rollout.getMetadata().setNamespace("serving");
        return new ModelRolloutReconciler(
                        wake -> null,
                        () -> now,
                        new OwnMetrics(),
                        retryAfter,
                        new ModelRolloutReconciler.Instance("test"))
                .updateErrorStatus(rollout, null, new IllegalStateException());
    }

    private void answered(int code, String header) {
        answered(ROUTE, code, header);
    }

    @SuppressWarnings("NullAway") // a consumer is not looked at
    private void answered(String uri, int code, String header) {
        var request = new StandardHttpRequest.Builder().uri(uri).build();
        retryAfter.after(
                request, new WebSocketUpgradeResponse(request, code, Map.of("Retry-After", List.of(header))), null);
    }
}
