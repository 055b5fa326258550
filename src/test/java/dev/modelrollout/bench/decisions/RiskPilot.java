package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.RiskRamp;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import java.time.Instant;

/**
 * As fast as the evidence allows: up to 33 % by {@link RiskRamp}, moved when it changes by half; when the check is safe
 * 60 %, 90 % and 100, each after 8 windows in a row in which harm was not half proven.
 */
final class RiskPilot implements Pilot {

    private static final RiskRamp RAMP = new RiskRamp(0.01, 0.01, 1.0 / 3, 3);
    private static final int TOP = 33;
    private static final double MOVE = 1.5;
    private static final int CALM = 8;

    private final BareEvidence gate;
    private int weight = 1;
    private Instant warm = Instant.EPOCH.plus(LadderPilot.WARMUP);
    private int calm;

    RiskPilot(Before before) {
        gate = new BareEvidence(1.1, before);
        gate.enter(weight, warm);
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public void see(Window window) {
        if (gate.rollsBackAfter(window)) {
            weight = 0;
            return;
        }
        calm = gate.harm().forbidsRise() ? 0 : calm + 1;
        var next = gate.isSafe() ? whenSafe() : byRisk();
        if (next < weight || (next > weight && !window.to().isBefore(warm))) {
            weight = next;
            calm = 0;
            warm = window.to().plus(LadderPilot.WARMUP);
            gate.enter(weight, warm);
        }
    }

    private int whenSafe() {
        if (weight < 60) {
            return gate.harm().forbidsRise() ? weight : 60;
        }
        return calm < CALM ? weight : weight < 90 ? 90 : 100;
    }

    private int byRisk() {
        var allowed = (int) Math.floor(100
                * RAMP.weight(
                        weight / 100.0,
                        gate.experience().worstExcess(),
                        gate.harm().progress()));
        var target = Math.max(1, allowed);
        var isMove = target >= MOVE * weight || target * MOVE <= weight || target >= TOP;
        return isMove ? target : weight;
    }
}
