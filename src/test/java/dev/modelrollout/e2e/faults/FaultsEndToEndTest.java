package dev.modelrollout.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeded faults at the writes of the operator; then the promises are held against the whole history. */
@NeedsApiServer
@Tag("e2e")
class FaultsEndToEndTest {

    private static final int RUNS = Integer.getInteger("runs", 200);
    private static final int SEED = Integer.getInteger("seed", 1);
    private static final int AT_ONCE = 20;

    @Test
    void every_promise_holds_whatever_fails(ApiServer server, @TempDir Path scratch) throws Exception {
        System.out.printf("%d runs with faults, -Druns=%1$d -Dseed=%d%n", RUNS, SEED);
        try (var field = new Field(server, scratch, "faults")) {
            for (var run = 0; run < RUNS; run += AT_ONCE) {
                field.play(SEED + run, Math.min(AT_ONCE, RUNS - run));
            }
            System.out.println(field);
            var broken = new ArrayList<String>(field.broken());
            assertThat(broken).isEmpty();
        }
    }
}
