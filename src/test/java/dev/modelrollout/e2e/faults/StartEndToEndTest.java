package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An API server that is not itself when the operator starts. */
@NeedsApiServer
@Tag("e2e")
class StartEndToEndTest {

    private static final Path LOGS = Path.of("target/e2e-faults");

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "BROKEN", "UNAVAILABLE", "UNANSWERED"})
    void it_starts_although_each_list_and_each_watch_fails_once(Fault fault, ApiServer server, @TempDir Path scratch)
            throws Exception {
        server.install(Crds.all());
        Files.createDirectories(LOGS);
        var asked = ConcurrentHashMap.<String>newKeySet();
        try (var replica = new Replica(
                "start",
                server.kubeconfig(),
                scratch,
                LOGS,
                URI.create("http://127.0.0.1:9"),
                server.newNamespace(),
                request -> asked.add(Act.of(request) + request.path()) ? fault : Fault.NONE)) {
            replica.process().awaitReady();
        }
    }
}
