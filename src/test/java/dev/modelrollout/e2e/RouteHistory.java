package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a watch saw of one route, and what the operator promises about all of it.
 *
 * @param seen oldest first
 * @param stable backend of the version that serves at first
 * @param candidate backend of the other
 */
record RouteHistory(List<Sighting> seen, String stable, String candidate) {

    /** The candidate's weights on its way up. */
    static final List<Integer> LADDER = List.of(0, 5, 25, 50, 100);

    /** The least time on each of them but the first and the last. */
    static final Duration HOLD = Duration.ofSeconds(10);

    /** By how much an event of the watch may come later than another: two rises look that much closer. */
    static final Duration LATENESS = Duration.ofMillis(500);

    /** A time in which the weights did not change. */
    record Rung(int weight, Instant from, Instant to) {}

    /** The candidate's weights, oldest first. */
    List<Integer> weights() {
        return seen.stream().map(sighting -> sighting.weightOf(candidate)).toList();
    }

    /** When the last of these weights was seen first. */
    Instant lastChange() {
        return seen.get(seen.size() - 1).at();
    }

    /** @param end of the last one */
    List<Rung> rungs(Instant end) {
        var rungs = new ArrayList<Rung>();
        for (var i = 0; i < seen.size(); i++) {
            var to = i + 1 < seen.size() ? seen.get(i + 1).at() : end;
            rungs.add(new Rung(weights().get(i), seen.get(i).at(), to));
        }
        return rungs;
    }

    /** @throws AssertionError naming the promise that was broken */
    void keepsThePromises() {
        sharesAreWhole();
        onlyWeightsChange();
        risesAreOneRungAndAHoldApart();
        aFallIsToTheGroundAndForGood();
    }

    private void sharesAreWhole() {
        for (var sighting : seen) {
            assertThat(sighting.weights()).as("backends").containsOnlyKeys(stable, candidate);
            assertThat(sighting.weights().values())
                    .as("weights")
                    .allMatch(JsonNode::isIntegralNumber, "integer")
                    .allMatch(weight -> weight.asInt() >= 0, "not negative");
            assertThat(sighting.weightOf(stable) + sighting.weightOf(candidate))
                    .as("sum of the weights")
                    .isEqualTo(100);
        }
    }

    private void onlyWeightsChange() {
        assertThat(seen)
                .as("the spec without its weights")
                .extracting(Sighting::others)
                .containsOnly(seen.get(0).others());
    }

    private void risesAreOneRungAndAHoldApart() {
        var weights = weights();
        var earliest = Instant.MIN;
        for (var i = 1; i < seen.size(); i++) {
            if (weights.get(i) > weights.get(i - 1)) {
                assertThat(LADDER.indexOf(weights.get(i)))
                        .as("rung reached by the rise from %d to %d", weights.get(i - 1), weights.get(i))
                        .isEqualTo(LADDER.indexOf(weights.get(i - 1)) + 1);
                assertThat(seen.get(i).at()).as("rise to %d", weights.get(i)).isAfterOrEqualTo(earliest);
                earliest = seen.get(i).at().plus(HOLD).minus(LATENESS);
            }
        }
    }

    private void aFallIsToTheGroundAndForGood() {
        var weights = weights();
        var fallen = false;
        for (var i = 1; i < weights.size(); i++) {
            fallen = fallen || weights.get(i) < weights.get(i - 1);
            if (fallen) {
                assertThat(weights.get(i)).as("weight after a fall").isZero();
            }
        }
    }
}
