package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import java.time.Instant;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of others, as their documentation tells them. Limit: 2 % of the requests of a minute. */
class PeersTest {

    private static final Before BEFORE = new Before(List.of(), 0.01, 0.1);
    private static final int NEVER = 0;

    /**
     * @param minutes for each what its windows are: b bad, g good, - without requests; repeated for ever
     * @param end after which minute it is over
     */
    private record Case(String sentence, Judge judge, String minutes, int end) {}

    @TestFactory
    Stream<DynamicTest> others() {
        return Stream.of(
                        new Case("Flagger rolls back a minute after five bad ones", flagger(), "b", 6),
                        new Case("Flagger forgets no bad minute", flagger(), "bg", 10),
                        new Case("Flagger takes no data for a bad minute", flagger(), "-", 6),
                        new Case("Flagger leaves a good candidate alone", flagger(), "g", NEVER),
                        new Case("Argo Rollouts aborts with the fourth bad minute", argo(), "b", 4),
                        new Case("Argo Rollouts forgets no bad minute", argo(), "bg", 7),
                        new Case("Argo Rollouts takes no data for nothing", argo(), "-", NEVER),
                        new Case("three bad readings in a row are within the first minute", plain(), "b", 1),
                        new Case("Kayenta's judge looks after half an hour", new KayentaJudge(), "b", 30))
                .map(found -> dynamicTest(
                        found.sentence(),
                        () -> assertThat(end(found.judge(), found.minutes())).isEqualTo(found.end())));
    }

    private static Judge flagger() {
        return new Peers.Flagger(BEFORE);
    }

    private static Judge argo() {
        return new Peers.ArgoRollouts(BEFORE);
    }

    private static Judge plain() {
        return new PlainJudge(BEFORE);
    }

    private static int end(Judge judge, String minutes) {
        return IntStream.range(0, 480)
                .filter(i -> judge.rollsBackAfter(window(i, minutes.charAt(i / 4 % minutes.length()))))
                .map(i -> i / 4 + 1)
                .findFirst()
                .orElse(NEVER);
    }

    private static Window window(int i, char kind) {
        var candidate = kind == '-' ? Counts.NONE : new Counts(kind == 'b' ? 5 : 1, 100);
        var from = Instant.EPOCH.plus(Service.INTERVAL.multipliedBy(i));
        return new Window(from, from.plus(Service.INTERVAL), candidate, new Counts(9 + i % 3, 1000));
    }

    @Test
    void kayenta_calls_high_what_is_significantly_higher() {
        assertThat(KayentaJudge.isHigh(sample(100, 1.5), sample(100, 0))).isTrue();
    }

    @Test
    void kayenta_lets_pass_what_is_lower_or_the_same() {
        assertThat(KayentaJudge.isHigh(sample(100, -1.5), sample(100, 0))).isFalse();
        assertThat(KayentaJudge.isHigh(sample(100, 0), sample(100, 0))).isFalse();
    }

    /** 98 % confidence begins at 2.33 standard errors; above a quarter of the difference, at 3.1. */
    @Test
    void kayenta_lets_pass_what_is_significant_but_not_beyond_a_quarter_of_the_difference() {
        assertThat(KayentaJudge.isHigh(sample(100, 0.4), sample(100, 0))).isFalse();
        assertThat(KayentaJudge.isHigh(sample(100, 0.6), sample(100, 0))).isTrue();
    }

    @Test
    void kayenta_cannot_tell_from_few_values() {
        assertThat(KayentaJudge.isHigh(new double[] {3, 4}, new double[] {1, 2}))
                .isFalse();
        assertThat(KayentaJudge.isHigh(new double[0], sample(100, 0))).isFalse();
    }

    private static double[] sample(int size, double shift) {
        var dice = Dice.of(0, size);
        return DoubleStream.generate(dice::normal)
                .limit(size)
                .map(x -> x + shift)
                .sorted()
                .toArray();
    }
}
