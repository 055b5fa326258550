package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import java.time.Instant;

/** A judge who is also asked whether the weight may rise. */
interface Gate extends Judge {

    /** The weight is now this, in percent; windows that begin before {@code judgedFrom} show no safety. */
    void enter(int weight, Instant judgedFrom);

    /** Whether the weight may rise to this, in percent. */
    boolean allows(int weight);

    /** One that lets everything rise that it does not roll back. */
    static Gate open(Judge judge) {
        return new Gate() {

            @Override
            public void enter(int weight, Instant judgedFrom) {}

            @Override
            public boolean allows(int weight) {
                return true;
            }

            @Override
            public boolean rollsBackAfter(Window window) {
                return judge.rollsBackAfter(window);
            }
        };
    }
}
