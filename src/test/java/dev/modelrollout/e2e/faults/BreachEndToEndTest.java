package dev.modelrollout.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The candidate turns bad, and something else goes wrong just then: it loses its traffic, in one write if one gets through. */
@NeedsApiServer
@Tag("e2e")
class BreachEndToEndTest {

    private static final int RUNS = Integer.getInteger("breaches", 5);

    @Test
    void a_bad_candidate_loses_its_traffic_whatever_else_fails(ApiServer server, @TempDir Path scratch)
            throws Exception {
        System.out.printf("%d times each, -Dbreaches=%1$d%n", RUNS);
        try (var breaches = new Breaches(server, scratch)) {
            for (var setback : Setback.values()) {
                breaches.play(setback, RUNS);
            }
            System.out.println(breaches);
            assertThat(breaches.broken()).isEmpty();
        }
    }
}
