package dev.modelrollout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that a rollout needs on an API server. */
public final class Crds {

    private Crds() {}

    /** ModelRollout, and HTTPRoute: the Gateway API's own where the machine has it, else one without its rules. */
    public static List<Path> all() {
        var gatewayApi = Optional.ofNullable(System.getenv("TESTBED_CRDS"))
                .map(folder -> Path.of(folder, "gateway-api"))
                .orElse(Path.of("src/test/resources/crds"));
        return Stream.of(Path.of("crds"), gatewayApi).flatMap(Crds::files).toList();
    }

    private static Stream<Path> files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
