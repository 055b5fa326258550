package dev.modelrollout.reconcile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A life of a rollout: things happen, then all is mended, and it has to come to its end.
 *
 * @param rules of the route
 * @param counters where their chance begins; null when checks have readings instead
 */
record History(int rules, @Nullable Integer counters, List<Happening> happenings) {

    /** So few of the histories count, since those take longer. */
    static final int ONE_COUNTS_IN = 16;

    /** The one of this seed; each takes only some kinds of happenings, so that those come often. */
    static History of(long seed) {
        var random = new Random(seed);
        var kinds = new ArrayList<>(Arrays.asList(Happening.Kind.values()));
        Collections.shuffle(kinds, random);
        var some = kinds.subList(0, 3 + random.nextInt(10));
        var happenings = new ArrayList<Happening>();
        happenings.add(new Happening(0, Happening.Kind.TARGET, 1, true));
        var length = 5 + random.nextInt(20);
        for (var i = 0; i < length; i++) {
            happenings.add(Happening.any(random, some));
        }
        var counters = seed % ONE_COUNTS_IN == 0 ? (Integer) (int) seed : null;
        return new History(1 + random.nextInt(2), counters, happenings);
    }

    /** What was reached; throws when a promise was broken. */
    Set<String> live(Operator.Maker operator) {
        var life = new Life(new Stage(rules, counters), operator);
        try {
            life.round();
            happenings.forEach(life::live);
            life.end();
            return life.reached();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(broken + "\n" + life.trail(), broken);
        }
    }

    /** The same history without all that does not matter for its failure. */
    History shortest(Operator.Maker operator) {
        var promise = promise(operator);
        var shorter = this;
        for (var fewer = fewer(shorter, operator, promise);
                !fewer.equals(shorter);
                fewer = fewer(shorter, operator, promise)) {
            shorter = fewer;
        }
        return shorter;
    }

    /** Which promise is broken, whatever the numbers are. */
    private Optional<String> promise(Operator.Maker operator) {
        return fault(operator).flatMap(told -> told.lines().findFirst()).map(told -> told.replaceAll("\\d+", ""));
    }

    private static History fewer(History all, Operator.Maker operator, Optional<String> promise) {
        var kept = all;
        for (var i = all.happenings.size() - 1; i >= 0; i--) {
            var fewer = new ArrayList<>(kept.happenings);
            fewer.remove(i);
            var without = new History(kept.rules, kept.counters, fewer);
            kept = without.promise(operator).equals(promise) ? without : kept;
        }
        return kept;
    }

    /** Which promise is broken, and how it came to that. */
    Optional<String> fault(Operator.Maker operator) {
        try {
            live(operator);
            return Optional.empty();
        } catch (AssertionError broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    /** As Java: the body of a test that tells it again. */
    @Override
    public String toString() {
        return happenings.stream()
                .map(Happening::toString)
                .collect(Collectors.joining(
                        ",\n        ",
                        "new History(" + rules + ", " + counters + ", List.of(\n        ",
                        "))\n    .live(Operator.RIGHT);"));
    }
}
