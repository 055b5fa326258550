package dev.modelrollout.e2e.decisions;

import dev.modelrollout.bench.decisions.Dice;
import dev.modelrollout.bench.decisions.LognormalSeries;

/** What each second does to the share of bad requests, beside chance: phi 0.2, and a drift of 30 % that all share. */
enum Bursts {
    NONE,

    /** Each process has its own. */
    OF_PODS,

    /** All pods of a version have the same, which its halves cannot tell. */
    OF_VERSIONS;

    private static final double SHAPE = 5;
    private static final double DRIFT = 0.09;
    private static final double MEMORY = 0.9;

    LognormalSeries drift(Dice dice) {
        return new LognormalSeries(DRIFT, MEMORY, dice);
    }

    double common(LognormalSeries drift) {
        return this == NONE ? 1 : drift.next();
    }

    double ofVersion(Dice dice) {
        return this == OF_VERSIONS ? dice.gammaOfMeanOne(SHAPE) : 1;
    }

    double ofPod(Dice dice) {
        return this == OF_PODS ? dice.gammaOfMeanOne(SHAPE) : 1;
    }
}
