package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What holds for all windows; each case names the seed that makes it again. */
class BettingPropertiesTest {

    private static final int CASES = 2000;
    private static final long SEED = 20260301;
    private static final double CAP = 4;
    private static final NoisePrior SILENT = NoisePrior.same(new Prior(0, 0, 10));
    private static final Counts NOTHING_BAD = new Counts(0, 1000);

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "STABLE_HARMFUL")
    void without_any_bad_event_all_stays_finite(Claim claim) {
        forAll(random -> {
            var tests = only(claim, border(random));
            var evidence = tests.start(prior(random));
            for (var i = 0; i < 20; i++) {
                evidence = tests.after(evidence, NOTHING_BAD, NOTHING_BAD, true).orElseThrow();
                assertThat(evidence.stakes().get(0).logE()).isFinite();
            }
        });
    }

    @Test
    void an_empty_window_changes_nothing() {
        forAll(random -> {
            var tests = new CountTests(List.of(
                    new CountTest(Claim.CANDIDATE_HARMFUL, border(random)),
                    new CountTest(Claim.CANDIDATE_SAFE, border(random)),
                    new CountTest(Claim.STABLE_HARMFUL, new NullHypothesis(0, 0.01))));
            var evidence = seen(tests, random);

            assertThat(tests.after(evidence, Counts.NONE, Counts.NONE, true)).contains(evidence);
        });
    }

    @Test
    void without_noise_and_cap_it_does_not_matter_how_windows_are_cut() {
        forAll(random -> {
            var border = border(random);
            var silent = Experience.of(SILENT);
            var candidate = counts(random, 200, 0.02);
            var stable = counts(random, 1000, 0.02);
            var part = random.nextDouble(0.1, 0.9);
            var candidates = cut(candidate, part, random.nextDouble());
            var stables = cut(stable, part, random.nextDouble());

            for (var kappa : List.of(0.25, 0.85, 1.2, 2.0)) {
                var whole = Payout.of(border, candidate, stable, silent).gain(kappa);
                var one = Payout.of(border, candidates.one(), stables.one(), silent)
                        .gain(kappa);
                var other = Payout.of(border, candidates.other(), stables.other(), silent)
                        .gain(kappa);
                if (Math.max(whole, Math.max(one, other)) < CAP) {
                    assertThat(one + other).isCloseTo(whole, within(1e-9 * (1 + Math.abs(whole))));
                }
            }
        });
    }

    /** With more noise a second bad event where hardly one was expected may look like a burst, and count less. */
    @Test
    void up_to_a_noise_of_one_fifth_one_more_bad_event_is_no_evidence_of_less_harm() {
        forAll(random -> {
            var tests = only(Claim.CANDIDATE_HARMFUL, border(random));
            var evidence = seen(tests, random);
            var candidate = counts(random, 1000, 0.1);
            var stable = counts(random, 1000, 0.1);
            var worse = new Counts(Math.min(candidate.bad() + 1, candidate.total()), candidate.total());

            if (noise(evidence.experience()) <= 0.2) {
                assertThat(logE(tests, evidence, worse, stable))
                        .isGreaterThanOrEqualTo(logE(tests, evidence, candidate, stable) - 0.02);
            }
        });
    }

    @Test
    void whatever_the_counts_are_no_result_is_undefined() {
        forAll(random -> {
            var tests = new CountTests(List.of(
                    new CountTest(Claim.CANDIDATE_HARMFUL, border(random)),
                    new CountTest(Claim.CANDIDATE_SAFE, border(random))));
            var evidence = tests.start(prior(random));
            for (var i = 0; i < 5; i++) {
                evidence = tests.after(evidence, extreme(random), extreme(random), true)
                        .orElse(evidence);
                assertThat(evidence.stakes()).allMatch(stakes -> !Double.isNaN(stakes.logE()));
                assertThat(evidence.experience().ratio().value()).isNotNaN();
                assertThat(evidence.experience().worstExcess()).isBetween(-1.0, 1.0);
            }
        });
    }

    @Test
    void a_sum_too_large_for_a_number_leaves_the_evidence_as_it_was() {
        var tests = only(Claim.CANDIDATE_HARMFUL, new NullHypothesis(0, 0.01));
        var none = tests.start(SILENT);
        var nearlyFull = new SoloNoise(none.experience().candidate().dispersion(), new Counts(0, Double.MAX_VALUE));
        var experience = new Experience(
                none.experience().pair(), nearlyFull, none.experience().stable(), Counts.NONE, 1);

        assertThat(tests.after(new CountEvidence(experience, none.stakes()), new Counts(0, 1e300), NOTHING_BAD, true))
                .isEmpty();
    }

    private static void forAll(Consumer<SplittableRandom> property) {
        for (var seed = SEED; seed < SEED + CASES; seed++) {
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    private static CountTests only(Claim claim, NullHypothesis border) {
        return new CountTests(List.of(new CountTest(claim, border)));
    }

    private static double logE(CountTests tests, CountEvidence before, Counts candidate, Counts stable) {
        return tests.after(before, candidate, stable, true)
                .orElseThrow()
                .stakes()
                .get(0)
                .logE();
    }

    private static CountEvidence seen(CountTests tests, SplittableRandom random) {
        var evidence = tests.start(prior(random));
        for (var i = random.nextInt(6); i > 0; i--) {
            evidence = tests.after(evidence, counts(random, 1000, 0.1), counts(random, 1000, 0.1), true)
                    .orElseThrow();
        }
        return evidence;
    }

    private static double noise(Experience experience) {
        return Stream.of(
                        experience.pair().dispersion(),
                        experience.candidate().dispersion(),
                        experience.stable().dispersion())
                .mapToDouble(Dispersion::phi)
                .max()
                .orElseThrow();
    }

    private static NullHypothesis border(SplittableRandom random) {
        return random.nextInt(4) == 0
                ? new NullHypothesis(0, random.nextDouble(0.001, 0.1))
                : new NullHypothesis(random.nextDouble(0.5, 2), random.nextInt(2) * 0.001);
    }

    private static NoisePrior prior(SplittableRandom random) {
        return NoisePrior.same(new Prior(random.nextDouble(0.5), random.nextDouble(0.9), 10));
    }

    private static Counts counts(SplittableRandom random, int most, double share) {
        var total = 1 + random.nextInt(most);
        return new Counts(Math.floor(random.nextDouble() * share * total), total);
    }

    private static Counts extreme(SplittableRandom random) {
        var total = random.nextInt(5) == 0 ? 0 : Math.pow(10, random.nextDouble(-300, 307));
        return new Counts(total * random.nextInt(3) / 2, total);
    }

    private static Halves cut(Counts whole, double part, double badPart) {
        var total = whole.total() * part;
        var least = Math.max(0, whole.bad() - (whole.total() - total));
        var bad = least + badPart * (Math.min(whole.bad(), total) - least);
        return new Halves(new Counts(bad, total), new Counts(whole.bad() - bad, whole.total() - total));
    }
}
