package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.RawCounters;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one version's counters showed at one tick, or why they showed nothing; exactly one of the two is there. */
public record Observation(
        @Nullable RawCounters counters, @Nullable Blindness why) {

    static Observation of(Map<String, RawCounters.Sample> instances) {
        return new Observation(new RawCounters(instances), null);
    }

    static Observation missing(Blindness why) {
        return new Observation(null, why);
    }
}
