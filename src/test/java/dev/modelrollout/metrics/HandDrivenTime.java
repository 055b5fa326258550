package dev.modelrollout.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A clock and its timer that go on only when told to, on the thread that tells. */
public final class HandDrivenTime extends ScheduledThreadPoolExecutor implements InstantSource {

    private final List<Task> tasks = new ArrayList<>();
    private Instant now;

    /** From this time on. */
    public HandDrivenTime(Instant now) {
        super(0);
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Runs all that is due until then, in order. */
    public void advance(Duration by) {
        var end = now.plus(by);
        for (var next = dueBy(end); next != null; next = dueBy(end)) {
            now = next.at.isAfter(now) ? next.at : now;
            tasks.remove(next);
            next.run();
        }
        now = end;
    }

    /** When something is due next; the distant future when nothing is. */
    public Instant next() {
        return tasks.stream()
                .filter(task -> !task.isCancelled())
                .map(task -> task.at)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** Runs what is due now. */
    void settle() {
        advance(Duration.ZERO);
    }

    /** How much is still to come. */
    long scheduled() {
        return tasks.stream().filter(task -> !task.isCancelled()).count();
    }

    @Override
    public void execute(Runnable command) {
        tasks.add(new Task(command, now));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        var task = new Task(command, now.plus(delay, unit.toChronoUnit()));
        tasks.add(task);
        return task;
    }

    @Override
    public List<Runnable> shutdownNow() {
        tasks.clear();
        return super.shutdownNow();
    }

    private @Nullable Task dueBy(Instant end) {
        return tasks.stream()
                .filter(task -> !task.isCancelled() && !task.at.isAfter(end))
                .min(Comparator.comparing(task -> task.at))
                .orElse(null);
    }

    private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final Instant at;

        Task(Runnable command, Instant at) {
            super(command, null);
            this.at = at;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }
}
