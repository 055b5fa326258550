package dev.modelrollout.bench.decisions;

import java.util.SplittableRandom;

/**
 * Chance, repeatable. The samplers draw from the distributions themselves at all sizes: a normal approximation is wrong
 * exactly in the tails that false rollbacks come from.
 */
public final class Dice {

    /** From here on transformed rejection, whose constants are made for it; below, inversion is short. */
    private static final double LARGE = 10;

    private final SplittableRandom random;

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** The same cell and run, the same throws. */
    public static Dice of(int cell, int run) {
        return new Dice(new SplittableRandom((1000L + cell) * 1_000_003L + run));
    }

    /** Mean 0, variance 1. */
    public double normal() {
        return random.nextGaussian();
    }

    /** With this mean, at least 0. */
    public long poisson(double mean) {
        return mean < LARGE ? smallPoisson(mean) : largePoisson(mean);
    }

    /** How many of {@code n} happen, each with probability {@code p}, 0..1. */
    public long binomial(long n, double p) {
        if (p > 0.5) {
            return n - binomial(n, 1 - p);
        }
        return n * p < LARGE ? smallBinomial(n, p) : largeBinomial(n, p);
    }

    /** Mean 1, variance {@code 1/shape}; {@code shape} at least 1. Marsaglia and Tsang, ACM TOMS 26, 2000. */
    public double gammaOfMeanOne(double shape) {
        var d = shape - 1.0 / 3;
        var c = 1 / Math.sqrt(9 * d);
        while (true) {
            var x = normal();
            var v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
                return d * v / shape;
            }
        }
    }

    /** By inversion: the smallest k whose distribution function is not below a uniform number. */
    private long smallPoisson(double mean) {
        var rest = random.nextDouble();
        var k = 0L;
        for (var p = Math.exp(-mean); rest > p && p > 0; p *= mean / k) {
            rest -= p;
            k++;
        }
        return k;
    }

    /** By inversion, as above. */
    private long smallBinomial(long n, double p) {
        var rest = random.nextDouble();
        var odds = p / (1 - p);
        var k = 0L;
        for (var chance = Math.exp(n * Math.log1p(-p)); rest > chance && k < n; chance *= odds * (n - k + 1) / k) {
            rest -= chance;
            k++;
        }
        return k;
    }

    /** PTRS: Hoermann, Insurance: Mathematics and Economics 12, 1993. */
    private long largePoisson(double mean) {
        var root = Math.sqrt(mean);
        var b = 0.931 + 2.53 * root;
        var a = -0.059 + 0.02483 * b;
        var alpha = 1.1239 + 1.1328 / (b - 3.4);
        var certain = 0.9277 - 3.6224 / (b - 2);
        while (true) {
            var u = random.nextDouble() - 0.5;
            var v = random.nextDouble();
            var edge = 0.5 - Math.abs(u);
            var k = (long) Math.floor((2 * a / edge + b) * u + mean + 0.43);
            if (edge >= 0.07 && v <= certain) {
                return k;
            }
            if (k >= 0
                    && (edge >= 0.013 || v <= edge)
                    && Math.log(v * alpha / (a / (edge * edge) + b)) <= k * Math.log(mean) - mean - logFactorial(k)) {
                return k;
            }
        }
    }

    /** BTRS: Hoermann, Journal of Statistical Computation and Simulation 46, 1993. */
    private long largeBinomial(long n, double p) {
        var root = Math.sqrt(n * p * (1 - p));
        var b = 1.15 + 2.53 * root;
        var a = -0.0873 + 0.0248 * b + 0.01 * p;
        var alpha = (2.83 + 5.1 / b) * root;
        var certain = 0.92 - 4.2 / b;
        var mode = (long) Math.floor((n + 1) * p);
        var logOdds = Math.log(p / (1 - p));
        var atMode = logFactorial(mode) + logFactorial(n - mode);
        while (true) {
            var u = random.nextDouble() - 0.5;
            var v = random.nextDouble();
            var edge = 0.5 - Math.abs(u);
            var k = (long) Math.floor((2 * a / edge + b) * u + n * p + 0.5);
            if (edge >= 0.07 && v <= certain) {
                return k;
            }
            if (k >= 0
                    && k <= n
                    && Math.log(v * alpha / (a / (edge * edge) + b))
                            <= atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) {
                return k;
            }
        }
    }

    /** ln k!, by Stirling's series; below 10 by multiplication. */
    private static double logFactorial(long k) {
        if (k < 10) {
            var product = 1L;
            for (var i = 2; i <= k; i++) {
                product *= i;
            }
            return Math.log((double) product);
        }
        var x = k + 1.0;
        var square = x * x;
        return (x - 0.5) * Math.log(x)
                - x
                + 0.5 * Math.log(2 * Math.PI)
                + (1.0 / 12 - (1.0 / 360 - 1.0 / (1260 * square)) / square) / x;
    }
}
