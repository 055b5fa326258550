package dev.modelrollout.analysis;

/**
 * The natural logarithm of the gamma function, by Lanczos' series (SIAM J. Numer. Anal. B 1, 1964) with g = 7 and the
 * nine terms of P. Godfrey's tables; relative error about 1e-15.
 */
final class LogGamma {

    private static final double G = 7;
    private static final double HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);
    private static final double FIRST = 0.9999999999998099;

    private LogGamma() {}

    /** ln of gamma(x), for x of at least one half. */
    static double of(double x) {
        var z = x - 1;
        var t = z + G + 0.5;
        return HALF_LOG_TAU + (z + 0.5) * Math.log(t) - t + Math.log(series(z));
    }

    private static double series(double z) {
        return FIRST
                + 676.5203681218851 / (z + 1)
                - 1259.1392167224028 / (z + 2)
                + 771.3234287776531 / (z + 3)
                - 176.6150291621406 / (z + 4)
                + 12.507343278686905 / (z + 5)
                - 0.13857109526572012 / (z + 6)
                + 9.984369578019572e-6 / (z + 7)
                + 1.5056327351493116e-7 / (z + 8);
    }
}
