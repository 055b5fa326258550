package dev.modelrollout.analysis;

import dev.modelrollout.analysis.Dispersion.Residual;

/**
 * Noise of one version against its own running share, drift included.
 *
 * @param seen all its events
 */
public record SoloNoise(Dispersion dispersion, Counts seen) {

    static SoloNoise of(Prior prior) {
        return new SoloNoise(Dispersion.of(prior), Counts.NONE);
    }

    /** Unchanged by a window without traffic. */
    SoloNoise after(Counts window) {
        if (window.isEmpty()) {
            return this;
        }
        var next = seen.plus(window);
        var after = window.total() * next.smoothedShare();
        var before = window.total() * seen.smoothedShare();
        return new SoloNoise(
                dispersion.after(new Residual(window.bad() - before, window.bad() - after, after, 1)), next);
    }
}
