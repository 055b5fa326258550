package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a third of the traffic is expected to take, in requests of the candidate: the windows here hold one each. */
class OutlookTest {

    private static final double OTHERS = 2;

    @ParameterizedTest(name = "{1} times {0}: {2}")
    @CsvSource({"0.001, 2, 27600", "0.01, 2, 2700", "0.05, 2, 540", "0.01, 1.5, 9400", "0.001, 5, 3100"})
    void requests_to_prove_harm(double share, double factor, double requests) {
        var outlook = new Outlook(new NullHypothesis(1, 0), 1, OTHERS, factor * share, share, 0);

        assertThat(outlook.windows(Certainty.OF_HARM.logE() + Bets.OF_HARM.spread(), Bets.OF_HARM))
                .isCloseTo(requests, withinPercentage(3));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"0.001, 9900", "0.01, 5400", "0.05, 1400"})
    void requests_to_prove_an_equal_candidate_safe(double share, double requests) {
        var outlook = new Outlook(new NullHypothesis(1.5, 0.001), 1, OTHERS, share, share, 0);

        assertThat(outlook.windows(Certainty.OF_SAFETY.logE() + Bets.OF_SAFETY.spread(), Bets.OF_SAFETY))
                .isCloseTo(requests, withinPercentage(10));
    }

    @Test
    void what_is_not_so_is_never_proven() {
        var outlook = new Outlook(new NullHypothesis(1, 0), 1, OTHERS, 0.01, 0.01, 0);

        assertThat(outlook.windows(1, Bets.OF_HARM)).isInfinite();
    }
}
