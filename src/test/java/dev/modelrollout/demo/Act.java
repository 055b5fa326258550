package dev.modelrollout.demo;

import java.util.List;

/** One story, played to its end. */
interface Act {

    /** What happens: one line. */
    String title();

    /** Plays it; fails when it does not end. */
    Result play();

    /**
     * What came of it.
     *
     * @param figure for the last line, or empty
     */
    record Result(List<Promise> promises, String figure) {}
}
