package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Decision.Sight;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Reason.Standing;
import dev.modelrollout.rollout.Unseen;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");
    private static final String BEFORE = "2026-03-01T11:00:00Z";

    @ParameterizedTest
    @CsvSource({"READY, True, False, False", "RECONCILING, Unknown, True, False", "STALLED, False, False, True"})
    void one_of_three_is_true(Standing standing, String ready, String reconciling, String stalled) {
        var its = new Conditions(List.of(), 4, NOW)
                .standing(standing, "Because", "of this")
                .list();

        assertThat(its).extracting(Condition::getType).containsExactly("Ready", "Reconciling", "Stalled");
        assertThat(its).extracting(Condition::getStatus).containsExactly(ready, reconciling, stalled);
        assertThat(its)
                .allSatisfy(condition ->
                        assertThat(condition.getObservedGeneration()).isEqualTo(4))
                .allSatisfy(condition -> assertThat(condition.getReason()).isEqualTo("Because"))
                .allSatisfy(condition -> assertThat(condition.getMessage()).isEqualTo("of this"));
    }

    @Test
    void a_transition_time_moves_with_the_status_alone() {
        var its = new Conditions(
                        List.of(condition("Drifted", "False"), condition("AnalysisConfigured", "True")), 4, NOW)
                .drifted(true)
                .analysis(true)
                .list();

        assertThat(its).extracting(Condition::getLastTransitionTime).containsExactly("2026-03-01T12:00:00Z", BEFORE);
    }

    @Test
    void without_checks_it_is_said_that_only_readiness_guards() {
        assertThat(new Conditions(List.of(), 4, NOW).analysis(false).list())
                .extracting(Condition::getMessage)
                .containsExactly("There are no checks: only readiness guards the rollout.");
    }

    @Test
    void those_of_others_stay_where_they_are() {
        var foreign = condition("example.com/Counted", "True");

        assertThat(new Conditions(List.of(foreign, condition("Drifted", "False")), 4, NOW)
                        .drifted(true)
                        .analysis(false)
                        .list())
                .hasSize(3)
                .startsWith(foreign);
    }

    @Test
    void a_route_on_its_way_through_the_gateway_keeps_what_was_known() {
        var known = List.of(condition("RouteProgrammed", "True"));
        var obstacle = Optional.of("Accepted is not True");

        assertThat(programmed(new Conditions(known, 4, NOW).programmed(true, obstacle, true)))
                .isEqualTo("True");
        var late = new Conditions(known, 4, NOW).programmed(true, obstacle, false);
        assertThat(programmed(late)).isEqualTo("False");
        assertThat(late.list().get(0).getMessage()).isEqualTo("Not served as written: Accepted is not True.");
        assertThat(programmed(new Conditions(known, 4, NOW).programmed(false, obstacle, true)))
                .isEqualTo("Unknown");
        assertThat(programmed(new Conditions(List.of(), 4, NOW).programmed(true, obstacle, true)))
                .isEqualTo("Unknown");
        assertThat(programmed(new Conditions(List.of(), 4, NOW).programmed(true, Optional.empty(), true)))
                .isEqualTo("True");
    }

    @Test
    void a_message_has_at_most_1024_characters() {
        assertThat(new Conditions(List.of(), 4, NOW)
                        .standing(Standing.STALLED, "Because", "x".repeat(1_025))
                        .list())
                .extracting(Condition::getMessage)
                .containsOnly("x".repeat(1_024));
    }

    @Test
    void the_metrics_are_as_they_were_seen_last() {
        assertThat(sight(List.of(), null)).isEqualTo("Unknown NotAsked");
        assertThat(sight(List.of(condition("MetricsAvailable", "True")), null)).isEqualTo("True Known");
        assertThat(sight(List.of(), new Sight(true, null))).isEqualTo("True Answered");
        assertThat(sight(List.of(condition("MetricsAvailable", "True")), new Sight(false, null)))
                .isEqualTo("Unknown NotAsked");
        assertThat(sight(List.of(condition("MetricsAvailable", "True")), new Sight(true, Blindness.TIMEOUT)))
                .isEqualTo("False Timeout");
    }

    @Test
    void metrics_that_are_missing_are_missing_for_a_reason() {
        var blind = new Conditions(List.of(), 4, NOW).sight(decision(new Sight(true, Blindness.TIMEOUT)));

        assertThat(blind.list().get(0).getMessage()).isEqualTo("The provider gives no usable answer: Timeout.");
    }

    private static Decision decision(@Nullable Sight sight) {
        return new Decision(
                new Unseen(), Reason.LIVE, Standing.READY, "because", null, null, false, sight, null, Wanted.NOTHING);
    }

    private static String sight(List<Condition> known, @Nullable Sight sight) {
        var its = new Conditions(known, 4, NOW).sight(decision(sight)).list().get(0);
        assertThat(its.getObservedGeneration()).isEqualTo(4);
        return its.getStatus() + " " + its.getReason();
    }

    private static String programmed(Conditions conditions) {
        return conditions.list().get(0).getStatus();
    }

    private static Condition condition(String type, String status) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason("Known")
                .withMessage("known")
                .withObservedGeneration(3L)
                .withLastTransitionTime(BEFORE)
                .build();
    }
}
