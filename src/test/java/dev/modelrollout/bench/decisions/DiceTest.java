package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each sampler has the moments of its distribution, as far as 100,000 throws can tell. */
class DiceTest {

    private static final int THROWS = 100_000;
    private static final double ERRORS = 4;

    /**
     * A distribution.
     *
     * @param third central moment
     */
    private record Case(String name, ToDoubleFunction<Dice> sampler, double mean, double variance, double third) {}

    @TestFactory
    Stream<DynamicTest> moments() {
        return Stream.of(
                        DoubleStream.of(0.015, 0.75, 9.9, 10, 15, 150, 15_000).mapToObj(DiceTest::poisson),
                        Stream.of(
                                binomial(15, 0.001),
                                binomial(15, 0.3),
                                binomial(150, 0.05),
                                binomial(200, 0.05),
                                binomial(15_000, 0.0005),
                                binomial(15_000, 0.001),
                                binomial(15_000, 0.05),
                                binomial(60, 0.5),
                                binomial(60, 0.93),
                                binomial(1_000_000, 0.25)),
                        DoubleStream.of(1, 5, 20).mapToObj(DiceTest::gamma),
                        Stream.of(new Case("normal", Dice::normal, 0, 1, 0)))
                .flatMap(cases -> cases)
                .map(found -> dynamicTest(found.name(), () -> assertMoments(found)));
    }

    private static Case poisson(double mean) {
        return new Case("Poisson " + mean, dice -> dice.poisson(mean), mean, mean, mean);
    }

    private static Case binomial(long n, double p) {
        var variance = n * p * (1 - p);
        return new Case(
                "binomial " + n + ", " + p, dice -> dice.binomial(n, p), n * p, variance, variance * (1 - 2 * p));
    }

    private static Case gamma(double shape) {
        return new Case("gamma " + shape, dice -> dice.gammaOfMeanOne(shape), 1, 1 / shape, 2 / (shape * shape));
    }

    private static void assertMoments(Case of) {
        var dice = Dice.of(0, 1);
        var throwsOfIt = DoubleStream.generate(() -> of.sampler().applyAsDouble(dice))
                .limit(THROWS)
                .map(x -> x - of.mean())
                .toArray();
        assertMoment(of.name() + ": mean", throwsOfIt, 1, 0);
        assertMoment(of.name() + ": variance", throwsOfIt, 2, of.variance());
        assertMoment(of.name() + ": third moment", throwsOfIt, 3, of.third());
    }

    private static void assertMoment(String name, double[] centred, int power, double expected) {
        var mean = moment(centred, power);
        var error = Math.sqrt((moment(centred, 2 * power) - mean * mean) / centred.length);
        System.out.printf("%s less centre: %.6g, expected %.6g, standard error %.2g%n", name, mean, expected, error);
        assertThat(mean).as(name).isCloseTo(expected, within(ERRORS * error));
    }

    private static double moment(double[] centred, int power) {
        return Arrays.stream(centred).map(x -> Math.pow(x, power)).average().orElseThrow();
    }

    @Test
    void the_same_cell_and_run_throw_the_same() {
        assertThat(Dice.of(3, 7).poisson(150)).isEqualTo(Dice.of(3, 7).poisson(150));
        assertThat(Dice.of(3, 7).normal()).isNotEqualTo(Dice.of(3, 8).normal());
        assertThat(Dice.of(3, 7).normal()).isNotEqualTo(Dice.of(4, 7).normal());
    }
}
