package dev.modelrollout.reconcile;

import java.time.Duration;

/** What an overloaded API server asks of its clients. */
@FunctionalInterface
public interface Backpressure {

    /** How long it wants to be left alone by this namespace's rounds from now on; zero when it has not asked. */
    Duration left(String namespace);
}
