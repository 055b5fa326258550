package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import java.util.function.Function;

/** Moves the weight of the candidate during one rollout. */
interface Pilot {

    /** In percent, for the next window: 0 when it was rolled back, 100 when it was promoted. */
    int weight();

    /** The newest window, at the weight of now; may change it. */
    void see(Window window);

    /** A way to bring a candidate into service; each rollout gets a pilot of its own. */
    record Course(String name, Function<Before, Pilot> start) {}
}
