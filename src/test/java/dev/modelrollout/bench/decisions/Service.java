package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two versions of a service under traffic: the requests of a window are Poisson, each is bad with a probability that
 * noise moves. Before the rollout stable's two halves stand where candidate and stable stand afterwards.
 */
final class Service {

    /** Length of a window. */
    static final Duration INTERVAL = Duration.ofSeconds(15);

    private final double perWindow;
    private final double stableShare;
    private final double candidateShare;
    private final Dice dice;
    private final Noise noise;
    private Instant now = Instant.EPOCH;

    /**
     * @param perSecond requests to both versions together
     * @param stableShare stable's share of bad requests, 0..1
     * @param ratio how many times as bad the candidate is
     */
    Service(double perSecond, double stableShare, double ratio, Noise.Model model, Dice dice) {
        perWindow = perSecond * INTERVAL.toSeconds();
        this.stableShare = stableShare;
        candidateShare = ratio * stableShare;
        this.dice = dice;
        noise = model.start().apply(dice);
    }

    /** So many windows of stable alone, its pods in two halves. */
    List<Halves> past(int windows) {
        return Stream.generate(this::halves).limit(windows).toList();
    }

    private Halves halves() {
        var factors = noise.next();
        return new Halves(
                counts(perWindow / 2, stableShare * factors.one()),
                counts(perWindow / 2, stableShare * factors.other()));
    }

    /** The next window, in which the candidate gets this share of the requests, 0..1. */
    Window next(double share) {
        var from = now;
        now = now.plus(INTERVAL);
        var factors = noise.next();
        var candidate = counts(perWindow * share, candidateShare * factors.one());
        return new Window(from, now, candidate, counts(perWindow * (1 - share), stableShare * factors.other()));
    }

    private Counts counts(double mean, double badShare) {
        var total = dice.poisson(mean);
        return new Counts(dice.binomial(total, Math.min(badShare, 1)), total);
    }
}
