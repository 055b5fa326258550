package dev.modelrollout.bench.decisions;

/** A stationary series of lognormal numbers with mean 1: exp of an autoregressive series of normal ones. */
public final class LognormalSeries {

    private final Dice dice;
    private final double sigma;
    private final double memory;
    private double normal;

    /**
     * @param variance of the numbers, above 0
     * @param correlation of neighbouring numbers, 0..1
     */
    public LognormalSeries(double variance, double correlation, Dice dice) {
        this.dice = dice;
        sigma = Math.sqrt(Math.log1p(variance));
        memory = Math.log1p(correlation * variance) / Math.log1p(variance);
        normal = dice.normal();
    }

    /** The next one. */
    public double next() {
        var now = Math.exp(sigma * normal - sigma * sigma / 2);
        normal = memory * normal + Math.sqrt(1 - memory * memory) * dice.normal();
        return now;
    }
}
