package dev.modelrollout.e2e.decisions;

/** One process, and what its counters showed at the end of each second. */
final class Pod {

    private final String name;
    private final long born;
    private final long[] total;
    private final long[] bad;
    private long gone = Long.MAX_VALUE;

    /**
     * @param born the second, since the epoch, at whose end its counters are 0
     * @param last the last second there is
     */
    Pod(String name, long born, long last) {
        this.name = name;
        this.born = born;
        total = new long[(int) (last - born) + 1];
        bad = new long[total.length];
    }

    String name() {
        return name;
    }

    /** In this second so many requests came. */
    void serves(long second, long requests, long failures) {
        total[at(second)] = total[at(second) - 1] + requests;
        bad[at(second)] = bad[at(second) - 1] + failures;
    }

    /** In this second it started anew, and then so many came. */
    void startsAnew(long second, long requests, long failures) {
        total[at(second)] = requests;
        bad[at(second)] = failures;
    }

    void goesAfter(long second) {
        gone = second;
    }

    boolean runs(long second) {
        return born < second && second <= gone;
    }

    long total(long second) {
        return total[at(second)];
    }

    long bad(long second) {
        return bad[at(second)];
    }

    private int at(long second) {
        return (int) (second - born);
    }
}
