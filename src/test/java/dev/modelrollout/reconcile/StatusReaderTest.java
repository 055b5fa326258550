package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.Lead;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.FailedRevision;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Weight;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Measured;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.Unseen;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the stored status to the state. */
class StatusReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOON = "2026-03-01T12:00:00Z";
    private static final String WINDOWS = WindowsText.write(new SequentialCheck(List.of(new Max(0.02)))
            .start(Instant.parse("2026-03-01T12:00:00Z"), NoisePrior.CAUTIOUS));

    @Test
    void windows_are_remembered() {
        assertThat(climbing(WINDOWS).measurements().byCheck()).containsOnlyKeys("errors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "[[", "{}", "[null,null,0,false,null,null,null]"})
    void damaged_windows_are_lost_and_nothing_else(String windows) {
        var whole = climbing(WINDOWS);
        var damaged = climbing(windows);

        assertThat(damaged.measurements().byCheck()).isEmpty();
        assertThat(damaged.ledger()).isEqualTo(whole.ledger());
        assertThat(damaged.ledger().tombstones()).hasSize(1);
        assertThat(damaged.rung()).isEqualTo(whole.rung());
        assertThat(damaged.split()).isEqualTo(whole.split());
        assertThat(damaged.split().weightOf("v2")).isEqualTo(10);
    }

    @Test
    void a_gauge_remembers_its_readings_and_what_was_compared() {
        var signs = WindowsText.write(new SignEvidence(List.of(), 5, false, new Lead(0.5, 5)));
        var memory = new CheckEvidence("cccc", 1, 0, 2, signs);

        assertThat(climbing(memory).measurements().byCheck().get("errors"))
                .isEqualTo(new Measured.OfQuery(
                        "cccc",
                        new GaugeEvidence(
                                new Evidence(1, 0, 2, Instant.parse(NOON), null, 1.5, 1.0),
                                new SignEvidence(List.of(), 5, false, new Lead(0.5, 5)))));
        assertThat(climbing(new CheckEvidence("cccc", 1, 0, 2, "[["))
                        .measurements()
                        .byCheck())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void what_no_comparison_can_be_is_lost(int number) {
        var damaged =
                List.of("[-0.5,0.5,0.0]", "[0.5,-0.5,0.0]", "[0.5,0.5,-1]").get(number);

        assertThat(WINDOWS).contains("[0.5,0.5,0.0]");
        assertThat(climbing(WINDOWS.replace("[0.5,0.5,0.0]", damaged))
                        .measurements()
                        .byCheck())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "much", ""})
    void a_gauge_with_a_damaged_number_is_lost_and_nothing_else(String candidate) {
        var damaged = climbing(new CheckEvidence("cccc", 1, 0, 2, null), candidate);

        assertThat(damaged.measurements().byCheck()).isEmpty();
        assertThat(damaged.ledger().tombstones()).hasSize(1);
    }

    @Test
    void a_gauge_with_a_damaged_time_is_lost_and_nothing_else() {
        JsonNode tree = JSON.valueToTree(status(new CheckEvidence("cccc", 1, 0, 2, null), "1"));
        ((ObjectNode) tree.at("/checks/0")).put("at", "yesterday");

        assertThat(StatusReader.stateOf(read(tree.toString()))).isInstanceOfSatisfying(Progressing.class, damaged -> {
            assertThat(damaged.measurements().byCheck()).isEmpty();
            assertThat(damaged.ledger().tombstones()).hasSize(1);
        });
    }

    @Test
    void a_status_that_nobody_wrote_like_that_is_none() {
        var whole = status(new CheckEvidence("cccc", 1, 0, 2, null), "1");
        assertThat(StatusReader.stateOf(whole)).isInstanceOf(Progressing.class);
        var yesterday = JSON.valueToTree(whole).toString().replace(NOON, "yesterday");
        var unheard = JSON.valueToTree(whole).toString().replace("CheckFailed", "Unheard");

        assertThat(StatusReader.stateOf(read(yesterday))).isEqualTo(new Unseen());
        assertThat(StatusReader.stateOf(read(unheard))).isEqualTo(new Unseen());
    }

    @Test
    void what_an_older_operator_did_not_write_is_what_it_was_then() {
        var whole = status(new CheckEvidence("cccc", 1, 0, 2, null), "1");
        var older = JSON.valueToTree(whole)
                .toString()
                .replace("\"stepWeight\":10,", "")
                .replace("\"replicas\":2,", "");

        assertThat(StatusReader.stateOf(read(older)))
                .isInstanceOfSatisfying(
                        Progressing.class,
                        climbing -> assertThat(climbing)
                                .returns(new Rung(2, 10, 10), Progressing::rung)
                                .returns(0, Progressing::replicas));
    }

    @Test
    void a_status_without_the_weight_of_its_candidate_is_none() {
        var whole = JSON.valueToTree(status(new CheckEvidence("cccc", 1, 0, 2, null), "1"))
                .toString();

        assertThat(StatusReader.stateOf(read(whole.replace("{\"version\":\"v2\",", "{\"version\":\"v3\","))))
                .isEqualTo(new Unseen());
    }

    private static ModelRolloutStatus read(String json) {
        try {
            return JSON.readValue(json, ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Progressing climbing(String windows) {
        return climbing(new CheckEvidence("cccc", null, null, null, windows));
    }

    private static Progressing climbing(CheckEvidence evidence) {
        return climbing(evidence, "1.5");
    }

    private static Progressing climbing(CheckEvidence evidence, String candidate) {
        var state = StatusReader.stateOf(status(evidence, candidate));
        assertThat(state).isInstanceOf(Progressing.class);
        return (Progressing) state;
    }

    private static ModelRolloutStatus status(CheckEvidence evidence, String candidate) {
        var weights = List.of(new Weight("v1", 90), new Weight("v2", 10));
        var rollout = new Rollout(
                "v2", "aaaa", 1, NOON, null, 2, 10, 3, "2/3", 2, NOON, null, null, null, null, null, 0, null);
        var failed = new FailedRevision("bbbb", "v2", "CheckFailed", "errors", "worse", NOON);
        var check =
                new CheckStatus("errors", "Undecided", null, candidate, "1", null, "0 %", "0 %", null, NOON, evidence);
        return new ModelRolloutStatus(
                1L, "Progressing", "v1", weights, 10, rollout, null, List.of(failed), List.of(check), List.of(), null);
    }
}
