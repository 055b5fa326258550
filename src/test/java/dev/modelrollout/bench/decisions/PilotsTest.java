package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelrollout.bench.decisions.Judge.Before;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What moves the weight moves it as it says, and the bound is what it is said to be. */
class PilotsTest {

    private static final Before BEFORE = new Before(List.of(), 0.01, 0.01);

    @Test
    void steps_are_held() {
        assertThat(weights(new LadderPilot(Gate.open(window -> false))))
                .startsWith(1, 1)
                .containsSubsequence(1, 10, 50)
                .hasSize(4 * 25);
    }

    @Test
    void this_operator_holds_the_same_steps() {
        assertThat(weights(Ours.climbing(1.1, BEFORE))).isEqualTo(weights(new LadderPilot(Gate.open(window -> false))));
    }

    @Test
    void this_operator_takes_a_bad_candidate_back() {
        var ours = Ours.holding(1.1, BEFORE);
        var service = new Service(1000, 0.01, 5, Noise.Model.IID, Dice.of(0, 1));
        var weight = ours.weight();
        var windows = 0;
        while (windows < 100 && !ours.rollsBackAfter(service.next(0.01))) {
            windows++;
        }

        assertThat(weight).isEqualTo(1);
        assertThat(windows).isBetween(2, 20);
        assertThat(ours.weight()).isZero();
    }

    @Test
    void a_rollback_ends_it() {
        var pilot = new LadderPilot(Gate.open(window -> true));

        assertThat(weights(pilot)).hasSize(1);
        assertThat(pilot.weight()).isZero();
    }

    @Test
    void flagger_promotes_after_five_good_minutes() {
        assertThat(weights(new FlaggerPilot(BEFORE)))
                .containsSubsequence(10, 20, 30, 40, 50)
                .hasSize(4 * 5);
    }

    @Test
    void the_ramp_rises_with_the_evidence_up_to_a_third_and_then_by_safety() {
        assertThat(weights(Ours.ramping(1.1, BEFORE))).startsWith(1).containsSubsequence(1, 3, 9, 27, 60, 90);
    }

    /** With stable at hand without end its share is known: the bound is ln 100 / KL(p | rho q). */
    @Test
    void the_bound_is_that_of_wald() {
        var cell = new Cell(0, new Cell.Traffic(1, 0.0001), 0.01, Noise.Model.IID);
        var divergence = 0.02 * Math.log(2) + 0.98 * Math.log(0.98 / 0.99);

        assertThat(Bound.requests(cell, 2, 1)).isCloseTo(Math.log(100) / divergence, within(0.1));
    }

    private static List<Integer> weights(Pilot pilot) {
        var service = new Service(1000, 0.01, 0.5, Noise.Model.IID, Dice.of(0, 1));
        var weights = new ArrayList<Integer>();
        while (pilot.weight() > 0 && pilot.weight() < 100 && weights.size() < 1000) {
            weights.add(pilot.weight());
            pilot.see(service.next(pilot.weight() / 100.0));
        }
        return weights;
    }
}
