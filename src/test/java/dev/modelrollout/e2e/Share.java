package dev.modelrollout.e2e;

import java.util.Locale;

/**
 * How many of the requests the candidate got, beside what chance allows when each goes there with this probability:
 * the mean of the binomial distribution plus or minus four of its standard deviations and one request. Chance alone
 * leaves these bounds less than once in ten thousand times; at 0 and 100 percent there is no chance.
 *
 * @param percent the weight, 0..100
 */
record Share(int percent, int requests, int candidate) {

    double measured() {
        return 100.0 * candidate / requests;
    }

    boolean isWithinBounds() {
        return requests > 0 && candidate >= lowest() && candidate <= highest();
    }

    double lowest() {
        return Math.max(0, mean() - slack());
    }

    double highest() {
        return Math.min(requests, mean() + slack());
    }

    private double mean() {
        return requests * percent / 100.0;
    }

    private double slack() {
        return percent == 0 || percent == 100 ? 0 : 1 + 4 * Math.sqrt(mean() * (100 - percent) / 100.0);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d requests at %d %%: not %.0f..%.0f",
                candidate,
                requests,
                percent,
                lowest(),
                highest());
    }
}
