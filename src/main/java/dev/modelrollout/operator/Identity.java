package dev.modelrollout.operator;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Who this process is among its replicas. */
@Singleton
final class Identity {

    private final String name =
            Optional.ofNullable(System.getenv("POD_NAME")).orElseGet(() -> "local-" + UUID.randomUUID());

    /** The pod's name; outside of a pod one that no other process has. */
    String name() {
        return name;
    }
}
