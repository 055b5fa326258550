package dev.modelrollout.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas; the leader is lost in mid-rollout, again and again. Nobody writes after its successor has written. */
@NeedsApiServer
@Tag("e2e")
class LeadersEndToEndTest {

    private static final int RUNS = Integer.getInteger("handovers", 4);
    private static final int SEED = Integer.getInteger("seed", 1);

    @Test
    void one_writes_after_the_other(ApiServer server, @TempDir Path scratch) throws Exception {
        System.out.printf("%d times each, -Dhandovers=%1$d -Dseed=%d%n", RUNS, SEED);
        var times = new Times("leader");
        try (var field = new Field(server, scratch, "one", "two")) {
            awaitReady(field);
            for (var run = 0; run < RUNS; run++) {
                for (var blow : Blow.values()) {
                    handOver(field, blow, SEED + run, times);
                }
            }
            System.out.println(times);
            System.out.println(field);
            var broken = new ArrayList<>(field.ground().writers().broken(field.histories()));
            broken.addAll(field.broken());
            assertThat(broken).isEmpty();
        }
    }

    private static void handOver(Field field, Blow blow, long seed, Times times) throws Exception {
        var handover = new Handover(blow, field.ground().writers(), seed);
        field.others(handover);
        var round = field.begin(seed, Story.values().length, i -> new Script(Map.of()));
        var took = handover.awaitEnd(field.replicas());
        System.out.printf("seed %d, %s: %s%n", seed, blow, took);
        times.add(blow.toString(), took);
        field.disturb();
        field.replicas().forEach(Replica::restart);
        field.awaitEnds(round);
        awaitReady(field);
    }

    private static void awaitReady(Field field) throws IOException {
        for (var replica : field.replicas()) {
            replica.restart();
            replica.process().awaitReady();
        }
    }
}
