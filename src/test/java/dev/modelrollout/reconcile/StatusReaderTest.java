package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.FailedRevision;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Weight;
import dev.modelrollout.rollout.Progressing;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the stored status to the state. */
class StatusReaderTest {

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

    private static Progressing climbing(String windows) {
        var state = StatusReader.stateOf(status(windows));
        assertThat(state).isInstanceOf(Progressing.class);
        return (Progressing) state;
    }

    private static ModelRolloutStatus status(String windows) {
        var noon = "2026-03-01T12:00:00Z";
        var weights = List.of(new Weight("v1", 90), new Weight("v2", 10));
        var rollout = new Rollout(
                "v2", "aaaa", 1, noon, null, 2, 10, 3, "2/3", 2, noon, null, null, null, null, null, 0, null);
        var failed = new FailedRevision("bbbb", "v2", "CheckFailed", "errors", "worse", noon);
        var evidence = new CheckEvidence("cccc", null, null, null, windows);
        var check =
                new CheckStatus("errors", "Undecided", null, "1 %", "1 %", null, "0 %", "0 %", null, noon, evidence);
        return new ModelRolloutStatus(
                1L, "Progressing", "v1", weights, 10, rollout, null, List.of(failed), List.of(check), List.of(), null);
    }
}
