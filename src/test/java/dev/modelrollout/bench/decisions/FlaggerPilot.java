package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import dev.modelrollout.bench.decisions.Peers.Flagger;

/** Flagger with {@code stepWeight: 10} and {@code maxWeight: 50}: each minute that passes raises, at 50 it promotes. */
final class FlaggerPilot implements Pilot {

    private static final int STEP = 10;
    private static final int MOST = 50;

    private final Flagger judge;
    private int weight = STEP;

    FlaggerPilot(Before before) {
        judge = new Flagger(before);
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public void see(Window window) {
        if (judge.rollsBackAfter(window)) {
            weight = 0;
        } else if (judge.justPassed()) {
            weight = weight == MOST ? 100 : weight + STEP;
        }
    }
}
