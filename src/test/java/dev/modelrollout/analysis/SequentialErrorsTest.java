package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often a check is wrong over two hours of independent requests, at a tenth of the traffic; from fixed seeds. */
class SequentialErrorsTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final SequentialCheck CHECK = new SequentialCheck(List.of(new WorseThanStable(0.1)));
    private static final int WINDOWS = 480;
    private static final int CANDIDATES = 150;
    private static final int STABLES = 1350;
    private static final double USUAL = 0.01;
    private static final int RUNS = 200;

    @Test
    void an_equal_candidate_is_seldom_harmful_and_usually_safe() {
        assertThat(share(USUAL, SequentialErrorsTest::isHarmful)).isLessThanOrEqualTo(0.02);
        assertThat(share(USUAL, SequentialEvidence::safe)).isGreaterThan(0.95);
    }

    @Test
    void a_candidate_at_the_border_of_safety_is_seldom_safe() {
        assertThat(share(1.5 * USUAL + 0.001, SequentialEvidence::safe)).isLessThanOrEqualTo(0.08);
    }

    @Test
    void twice_as_bad_is_found() {
        assertThat(share(2 * USUAL, SequentialErrorsTest::isHarmful)).isGreaterThan(0.98);
    }

    private static double share(double candidateShare, Predicate<SequentialEvidence> what) {
        return IntStream.range(0, RUNS)
                        .filter(run -> ends(candidateShare, new SplittableRandom(run), what))
                        .count()
                / (double) RUNS;
    }

    private static boolean ends(double candidateShare, SplittableRandom random, Predicate<SequentialEvidence> what) {
        var evidence = CHECK.start(START, NoisePrior.CAUTIOUS);
        for (var i = 0; i < WINDOWS && !what.test(evidence); i++) {
            var window = new Window(
                    START.plusSeconds(15L * i),
                    START.plusSeconds(15L * i + 15),
                    new Counts(poisson(random, CANDIDATES * candidateShare), CANDIDATES),
                    new Counts(poisson(random, STABLES * USUAL), STABLES));
            evidence = CHECK.fold(evidence, window, 0.1, START);
        }
        return what.test(evidence);
    }

    private static boolean isHarmful(SequentialEvidence evidence) {
        return RolloutHarm.of(Map.of("errors", CHECK.harm(evidence))).isProven();
    }

    /** Arrivals within one unit of time, at exponential distances. */
    private static int poisson(SplittableRandom random, double mean) {
        var arrivals = -1;
        for (var time = 0.0; time < mean; time -= Math.log1p(-random.nextDouble())) {
            arrivals++;
        }
        return arrivals;
    }
}
