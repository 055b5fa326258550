package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Reason.Standing;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        assertThat(programmed(new Conditions(known, 4, NOW).programmed(true, obstacle, false)))
                .isEqualTo("False");
        assertThat(programmed(new Conditions(known, 4, NOW).programmed(false, obstacle, true)))
                .isEqualTo("Unknown");
        assertThat(programmed(new Conditions(List.of(), 4, NOW).programmed(true, obstacle, true)))
                .isEqualTo("Unknown");
        assertThat(programmed(new Conditions(List.of(), 4, NOW).programmed(true, Optional.empty(), true)))
                .isEqualTo("True");
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
