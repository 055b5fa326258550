package dev.modelrollout.operator;

import jakarta.inject.Singleton;
import java.util.Optional;

/** Who this process is among its replicas. */
@Singleton
final class Identity {

    /** The pod's name, or one that is unique on this machine. */
    String name() {
        return Optional.ofNullable(System.getenv("POD_NAME"))
                .orElseGet(() -> "local-" + ProcessHandle.current().pid());
    }
}
