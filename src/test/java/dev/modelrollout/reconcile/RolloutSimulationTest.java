package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Rollouts;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolloutSimulationTest {

    @Test
    void every_history_keeps_the_promises() {
        var seeds = Long.getLong("seed") == null
                ? LongStream.rangeClosed(1, Integer.getInteger("histories", 2_000))
                : LongStream.of(Long.getLong("seed"));
        var reached = new TreeSet<String>();

        seeds.forEach(seed -> {
            var history = History.of(seed);
            try {
                reached.addAll(history.live(Rollouts::decide, false));
            } catch (AssertionError broken) {
                throw new AssertionError(report(seed, history));
            }
        });

        assertThat(reached).isNotEmpty();
    }

    private static String report(long seed, History history) {
        var shortest = history.shortest(Rollouts::decide, false);
        String why;
        try {
            shortest.live(Rollouts::decide, false);
            why = "";
        } catch (AssertionError broken) {
            why = broken.getMessage();
        }
        return "history " + seed + " (mvn test -Dtest=RolloutSimulationTest -Dseed=" + seed + ")\n"
                + shortest.rules() + " rules\n"
                + shortest.happenings().stream().map(Object::toString).collect(Collectors.joining("\n")) + "\n" + why;
    }
}
