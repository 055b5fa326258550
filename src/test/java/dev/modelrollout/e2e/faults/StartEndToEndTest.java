package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An API server that is not itself when the operator starts. */
@NeedsApiServer
@Tag("e2e")
class StartEndToEndTest {

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "BROKEN", "UNAVAILABLE", "UNANSWERED"})
    void it_starts_although_each_list_and_each_watch_fails_once(Fault fault, ApiServer server, @TempDir Path scratch)
            throws Exception {
        var asked = ConcurrentHashMap.<String>newKeySet();
        try (var ground = new Ground(server, scratch, (query, times) -> Optional.empty(), look -> {})) {
            ground.replica(
                            "start",
                            (replica, request) -> asked.add(Act.of(request) + request.path()) ? fault : Fault.NONE)
                    .process()
                    .awaitReady();
        }
    }
}
