package dev.modelrollout.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, and ends together: the last one first. */
public final class Started implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** The same, which ends with the others from now on. */
    public <T extends AutoCloseable> T closing(T started) {
        running.push(started);
        return started;
    }

    @Override
    public void close() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}
