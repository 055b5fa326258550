package dev.modelrollout.testing;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Eight threads that do the same for many objects. */
public final class Hands {

    private static final int HANDS = 8;

    private Hands() {}

    /** Does it for each number from {@code from} (included) to {@code to} (not); fails when one of them does. */
    public static void each(int from, int to, IntConsumer work) {
        var hands = Executors.newFixedThreadPool(HANDS);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            IntStream.range(from, to)
                    .forEach(i -> tasks.add(() -> {
                        work.accept(i);
                        return null;
                    }));
            for (var done : hands.invokeAll(tasks)) {
                done.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            hands.shutdown();
        }
    }
}
