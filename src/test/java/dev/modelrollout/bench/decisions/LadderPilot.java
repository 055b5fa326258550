package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Steps: 1 % for 5 minutes, 10 % and 50 % for 10 each, then 100; longer where the gate wants it. */
final class LadderPilot implements Pilot {

    static final Duration WARMUP = Duration.ofMinutes(1);

    private record Step(int weight, Duration hold) {}

    private static final List<Step> STEPS = List.of(
            new Step(1, Duration.ofMinutes(5)),
            new Step(10, Duration.ofMinutes(10)),
            new Step(50, Duration.ofMinutes(10)),
            new Step(100, Duration.ZERO));

    private final Gate gate;
    private int step;
    private Instant since = Instant.EPOCH;
    private boolean rolledBack;

    LadderPilot(Gate gate) {
        this.gate = gate;
        gate.enter(weight(), since.plus(WARMUP));
    }

    @Override
    public int weight() {
        return rolledBack ? 0 : STEPS.get(step).weight();
    }

    @Override
    public void see(Window window) {
        rolledBack = gate.rollsBackAfter(window);
        var held = Duration.between(since, window.to());
        if (!rolledBack
                && held.compareTo(STEPS.get(step).hold()) >= 0
                && gate.allows(STEPS.get(step + 1).weight())) {
            step++;
            since = window.to();
            gate.enter(weight(), since.plus(WARMUP));
        }
    }
}
