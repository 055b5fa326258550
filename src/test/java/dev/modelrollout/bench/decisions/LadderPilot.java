package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The steps that are this operator's default, for rules that are not its own: 1 % for 5 minutes, 10 % and 50 % for 10
 * each, then 100; longer where the gate wants it.
 */
final class LadderPilot implements Pilot {

    static final Duration WARMUP = Duration.ofMinutes(1);

    static final List<Step> STEPS = List.of(
            new Step(1, Duration.ofMinutes(5)),
            new Step(10, Duration.ofMinutes(10)),
            new Step(50, Duration.ofMinutes(10)));

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
        return rolledBack ? 0 : weight(step);
    }

    private static int weight(int step) {
        return step < STEPS.size() ? STEPS.get(step).weight() : 100;
    }

    @Override
    public void see(Window window) {
        rolledBack = gate.rollsBackAfter(window);
        var held = Duration.between(since, window.to());
        if (!rolledBack && held.compareTo(STEPS.get(step).hold()) >= 0 && gate.allows(weight(step + 1))) {
            step++;
            since = window.to();
            gate.enter(weight(), since.plus(WARMUP));
        }
    }
}
