package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import java.util.ArrayList;
import java.util.List;

/**
 * One kind of traffic, of stable version, and of noise.
 *
 * @param number tells its throws from those of other cells
 * @param stableShare stable's share of bad requests, 0..1
 */
public record Cell(int number, Traffic traffic, double stableShare, Noise.Model noise) {

    /** Two hours. */
    static final int WINDOWS = 480;

    /** Of stable alone, one hour, before the first request to a candidate. */
    static final int PAST = 240;

    static final List<Double> SHARES = List.of(0.001, 0.01, 0.05);
    static final List<Noise.Model> NOISES = List.of(Noise.Model.IID, Noise.Model.NOISE, Noise.Model.CORR);
    static final List<Cell> ALL = all();

    /**
     * Requests per second to the candidate, and its weight.
     *
     * @param weightPercent above 0, below 100
     */
    public record Traffic(double candidatePerSecond, double weightPercent) {

        static final List<Traffic> ALL = List.of(
                new Traffic(1, 10),
                new Traffic(10, 1),
                new Traffic(10, 10),
                new Traffic(100, 10),
                new Traffic(100, 50),
                new Traffic(1000, 50));

        /** The candidate's share of all requests, 0..1. */
        public double share() {
            return weightPercent / 100;
        }

        double candidatePerWindow() {
            return candidatePerSecond * Service.INTERVAL.toSeconds();
        }

        String name() {
            return "%.0f@%.0f".formatted(candidatePerSecond, weightPercent);
        }
    }

    /** One rollout in this cell, as all rules see it. */
    record Rollout(Before before, List<Window> windows) {}

    private static List<Cell> all() {
        var all = new ArrayList<Cell>();
        for (var noise : NOISES) {
            for (var share : SHARES) {
                for (var traffic : Traffic.ALL) {
                    all.add(new Cell(all.size(), traffic, share, noise));
                }
            }
        }
        return List.copyOf(all);
    }

    /** The cells of this noise and share, one for each traffic. */
    static List<Cell> of(Noise.Model noise, double stableShare) {
        return ALL.stream()
                .filter(cell -> cell.noise.equals(noise) && cell.stableShare == stableShare)
                .toList();
    }

    /** The run with this number, with a candidate that is {@code ratio} times as bad as stable. */
    Rollout rollout(int run, double ratio) {
        var service = new Service(
                traffic.candidatePerSecond() / traffic.share(), stableShare, ratio, noise, Dice.of(number, run));
        var past = service.past(PAST);
        var windows = new ArrayList<Window>();
        for (var i = 0; i < WINDOWS; i++) {
            windows.add(service.next(traffic.share()));
        }
        return new Rollout(new Before(past, stableShare, traffic.share()), windows);
    }
}
