package dev.modelrollout.bench;

import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.rollout.Counted;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One round of a rollout under traffic with five checks on counts: a window of each is folded, none is safe yet, and
 * nothing is written. A figure, not a promise.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBench {

    private final Supplier<Decision> round = Counted.with(new WorseThanStable(0.1))
            .checks(5)
            .steps(List.of(new Step(10, Duration.ZERO)))
            .tick(0, 0, 10, 1000)
            .ticks(20, 1, 100, 9, 900)
            .nextRound(1, 100, 9, 900);

    /** What is measured. */
    @Benchmark
    public Decision decide() {
        return round.get();
    }
}
