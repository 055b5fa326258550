package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;

/**
 * How others judge, from what their documentation says. All fixed limits are twice stable's true share of bad requests:
 * as well chosen as a person could who knows it.
 */
final class Peers {

    /** What a fixed limit is, in stable's true share. */
    static final double LIMIT = 2;

    private Peers() {}

    /**
     * Flagger with {@code interval: 1m} and {@code threshold: 5}: each minute the share of bad requests of that minute
     * is compared with the limit; beyond it, or no data, is a failed check. Failed checks add up and are never
     * forgotten; with five of them it rolls back at its next look.
     */
    static final class Flagger implements Judge {

        private static final int THRESHOLD = 5;

        private final Minutes minutes;
        private int failed;

        Flagger(Before before) {
            minutes = new Minutes(LIMIT * before.stableShare());
        }

        @Override
        public boolean rollsBackAfter(Window window) {
            if (!minutes.endWith(window)) {
                return false;
            }
            if (failed >= THRESHOLD) {
                return true;
            }
            failed += minutes.isEmpty() || minutes.isBeyond() ? 1 : 0;
            return false;
        }

        /** Whether the newest window ended a minute that was within the limit. */
        boolean justPassed() {
            return minutes.isWhole() && !minutes.isEmpty() && !minutes.isBeyond();
        }
    }

    /**
     * Argo Rollouts with a background analysis of {@code interval: 1m} and {@code failureLimit: 3}: a measurement beyond
     * the limit has failed; more than three failed ones in all abort the rollout at once. A minute without requests
     * gives no number, so neither a success nor a failure.
     */
    static final class ArgoRollouts implements Judge {

        private static final int FAILURE_LIMIT = 3;

        private final Minutes minutes;
        private int failed;

        ArgoRollouts(Before before) {
            minutes = new Minutes(LIMIT * before.stableShare());
        }

        @Override
        public boolean rollsBackAfter(Window window) {
            failed += minutes.endWith(window) && minutes.isBeyond() ? 1 : 0;
            return failed > FAILURE_LIMIT;
        }
    }

    /** What the candidate did in the newest minute. */
    private static final class Minutes {

        private static final int WINDOWS = 4;

        private final double limit;
        private int windows;
        private double bad;
        private double total;

        Minutes(double limit) {
            this.limit = limit;
        }

        /** Takes the window in; whether a minute ends with it. */
        boolean endWith(Window window) {
            if (isWhole()) {
                bad = 0;
                total = 0;
            }
            bad += window.candidate().bad();
            total += window.candidate().total();
            windows++;
            return isWhole();
        }

        boolean isWhole() {
            return windows % WINDOWS == 0;
        }

        boolean isEmpty() {
            return total == 0;
        }

        boolean isBeyond() {
            return bad > limit * total;
        }
    }
}
