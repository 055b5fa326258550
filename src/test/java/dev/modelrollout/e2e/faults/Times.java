package dev.modelrollout.e2e.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How long something took under each fault: a table for people. Thread-safe. */
final class Times {

    private final Map<String, List<Duration>> all = new LinkedHashMap<>();
    private final String heading;

    /** @param heading says what is measured */
    Times(String heading) {
        this.heading = heading;
    }

    synchronized void add(String fault, Duration time) {
        all.computeIfAbsent(fault, none -> new ArrayList<>()).add(time);
    }

    @Override
    public synchronized String toString() {
        return all.entrySet().stream()
                .map(entry ->
                        row(entry.getKey(), entry.getValue().stream().sorted().toList()))
                .collect(Collectors.joining(
                        "\n", "| %s | runs | median | worst |\n|---|---|---|---|\n".formatted(heading), "\n"));
    }

    private static String row(String fault, List<Duration> sorted) {
        return "| %s | %d | %s | %s |"
                .formatted(
                        fault,
                        sorted.size(),
                        seconds(sorted.get(sorted.size() / 2)),
                        seconds(sorted.get(sorted.size() - 1)));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
