package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Numbers at the very end of their range are in it, and the next ones are not. */
class BordersTest {

    @TestFactory
    Stream<DynamicTest> from_the_least_to_the_most() {
        return Stream.of(
                        range("max", CountLimit.Max::new, 0, 1),
                        range("maxDifference", CountLimit.MaxDifference::new, 0, 1),
                        range("betterThanStable", CountLimit.BetterThanStable::new, 0, Math.nextDown(1.0)),
                        range("worseThanStable", CountLimit.WorseThanStable::new, 0, Double.MAX_VALUE),
                        range("worseThanStable of a number", GaugeLimit.WorseThanStable::new, 0, Double.MAX_VALUE),
                        range("betterThanStable of a number", GaugeLimit.BetterThanStable::new, 0, Double.MAX_VALUE),
                        range("rho", rho -> new NullHypothesis(rho, 0), 0, Double.MAX_VALUE),
                        range("delta", delta -> new NullHypothesis(1, delta), 0, 1),
                        range("rho of means", rho -> new MeanTest(rho, 0), 0, Double.MAX_VALUE),
                        range("delta of means", delta -> new MeanTest(1, delta), -1, 1),
                        range("phi", phi -> new Prior(phi, 0, 1), 0, Double.MAX_VALUE),
                        range("correlation", correlation -> new Prior(0, correlation, 1), 0, 0.9),
                        range("windows", windows -> new Prior(0, 0, windows), Double.MIN_VALUE, Double.MAX_VALUE),
                        range(
                                "risk",
                                risk -> new RiskRamp(risk, 0.1, 0.2, 1),
                                Double.MIN_VALUE,
                                Double.POSITIVE_INFINITY),
                        range("least weight", least -> new RiskRamp(1, least, 0.2, 1), Double.MIN_VALUE, 0.2),
                        range("most weight", most -> new RiskRamp(1, 0.1, most, 1), 0.1, 1),
                        range("growth", growth -> new RiskRamp(1, 0.1, 0.2, growth), 1, Double.POSITIVE_INFINITY),
                        range("min", min -> new Limits.Range(min, 1), Double.NEGATIVE_INFINITY, 1),
                        range(
                                "share of the route",
                                share -> Presence.UNKNOWN.after(empty(), share),
                                0,
                                Math.nextDown(1.0)))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> of_the_ratio_rule() {
        BiFunction<Integer, Integer, ThrowingCallable> rule = (step, ceiling) -> () -> new RatioRule(0, step, ceiling);
        return Stream.of(
                allowed("step", 1, rule.apply(1, 50)),
                refused("step", 0, rule.apply(0, 50)),
                allowed("ceiling", 0, rule.apply(1, 0)),
                allowed("ceiling", 100, rule.apply(1, 100)),
                refused("ceiling", -1, rule.apply(1, -1)),
                refused("ceiling", 101, rule.apply(1, 101)));
    }

    private static Window empty() {
        var noon = Instant.parse("2026-03-01T12:00:00Z");
        return new Window(noon, noon.plusSeconds(15), Counts.NONE, Counts.NONE);
    }

    private static Stream<DynamicTest> range(String name, DoubleFunction<?> make, double least, double most) {
        return Stream.of(
                allowed(name, least, () -> make.apply(least)),
                allowed(name, most, () -> make.apply(most)),
                refused(name, below(least), () -> make.apply(below(least))),
                refused(name, above(most), () -> make.apply(above(most))),
                refused(name, Double.NaN, () -> make.apply(Double.NaN)));
    }

    // Nothing is beyond infinity but what is no number.

    private static double below(double least) {
        return least == Double.NEGATIVE_INFINITY ? Double.NaN : Math.nextDown(least);
    }

    private static double above(double most) {
        return most == Double.POSITIVE_INFINITY ? Double.NaN : Math.nextUp(most);
    }

    private static DynamicTest allowed(String name, double number, ThrowingCallable make) {
        return dynamicTest(name + " " + number, () -> assertThatNoException().isThrownBy(make));
    }

    private static DynamicTest refused(String name, double number, ThrowingCallable make) {
        return dynamicTest(
                "not " + name + " " + number,
                () -> assertThatIllegalArgumentException().isThrownBy(make));
    }
}
