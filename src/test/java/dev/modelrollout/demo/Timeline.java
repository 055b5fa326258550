package dev.modelrollout.demo;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.HistoryEntry;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the route and the rollout have shown: printed line by line, and kept. Thread-safe. */
final class Timeline implements ResourceEventHandler<ModelRollout> {

    private static final String COLUMNS = "%7s  %-6s  %6s  %-9s  %-11s  %8s  %6s%n";
    private static final String DETAIL = "%10s%s%n";

    private final PrintStream out;
    private final Supplier<Counters> requests;
    private final Instant start = Instant.now();
    private final List<Split> splits = new CopyOnWriteArrayList<>();
    private volatile Row last = Row.NONE;
    private volatile List<HistoryEntry> history = List.of();

    /** The weights of a stored route, percent by Service, and when a watcher saw them. */
    record Split(Instant at, Map<String, Integer> weights) {

        int weightOf(String version) {
            return weights.getOrDefault(Manifests.deploymentOf(version), 0);
        }
    }

    /** What the rollout says: a line. */
    private record Row(String target, String live, int weight, String verdict, String status) {

        static final Row NONE = new Row("-", "-", 0, "-", "-");
    }

    /** {@code requests} are counted as the users see them. */
    Timeline(PrintStream out, Supplier<Counters> requests) {
        this.out = out;
        this.requests = requests;
    }

    /** The head of an act. */
    synchronized void title(String title) {
        out.printf("%n%s%n", title);
        out.printf(Locale.ROOT, COLUMNS, "time", "target", "weight", "verdict", "status", "requests", "failed");
    }

    /** A remark of the stage. */
    synchronized void remark(String text) {
        out.printf("%7s  (%s)%n", elapsed(), text);
    }

    void sawRoute(Map<String, Integer> weights) {
        splits.add(new Split(Instant.now(), weights));
    }

    /** The routes since then, oldest first. */
    List<Split> splitsSince(Instant from) {
        return splits.stream().filter(split -> !split.at().isBefore(from)).toList();
    }

    /** The first route since then that gave a version this weight. */
    Optional<Instant> firstAt(String version, int weight, Instant from) {
        return splitsSince(from).stream()
                .filter(split -> split.weightOf(version) == weight)
                .map(Split::at)
                .findFirst();
    }

    boolean isLive(String version) {
        return last.status().equals("Live")
                && last.live().equals(version)
                && last.target().equals(version)
                && splits.get(splits.size() - 1).weightOf(version) == 100;
    }

    /** Whether the rollout to this version shows this reason. */
    boolean shows(String target, String reason) {
        return last.target().equals(target) && last.status().equals(reason);
    }

    /** The moves that gave a version its weights, oldest first. */
    List<HistoryEntry> rises(String version) {
        var moves = new ArrayList<>(history.stream()
                .filter(entry -> entry.to().equals(version) && entry.weight() > 0)
                .toList());
        Collections.reverse(moves);
        return List.copyOf(moves);
    }

    @Override
    public void onAdd(ModelRollout rollout) {
        show(rollout);
    }

    @Override
    public void onUpdate(ModelRollout before, ModelRollout now) {
        show(now);
    }

    @Override
    public void onDelete(ModelRollout rollout, boolean unseen) {}

    private synchronized void show(ModelRollout rollout) {
        var status = rollout.getStatus();
        if (status == null
                || status.phase() == null
                || !Objects.equals(
                        status.observedGeneration(), rollout.getMetadata().getGeneration())) {
            return;
        }
        var row = row(rollout.getSpec().target(), status);
        if (row.equals(last)) {
            return;
        }
        last = row;
        print(row);
        explain(status);
    }

    private static Row row(String target, ModelRolloutStatus status) {
        var checks = status.checks();
        return new Row(
                target,
                orDash(status.live()),
                status.weight() == null ? 0 : status.weight(),
                checks == null || checks.isEmpty() ? "-" : checks.get(0).verdict(),
                ready(status).map(condition -> condition.getReason()).orElse("-"));
    }

    private void print(Row row) {
        var seen = requests.get();
        out.printf(
                Locale.ROOT,
                COLUMNS,
                elapsed(),
                row.target(),
                row.weight() + " %",
                row.verdict(),
                row.status(),
                seen.requests(),
                seen.failures());
    }

    /** A move by what it rests on, blindness by its message. */
    private void explain(ModelRolloutStatus status) {
        var known = status.history() == null ? List.<HistoryEntry>of() : status.history();
        if (!known.isEmpty() && (history.isEmpty() || !known.get(0).equals(history.get(0)))) {
            var move = known.get(0);
            out.printf(DETAIL, "", move.action() + ": " + orDash(move.evidence()));
        } else if (last.status().equals("Blind")) {
            ready(status).ifPresent(condition -> out.printf(DETAIL, "", condition.getMessage()));
        }
        history = List.copyOf(known);
    }

    private static Optional<io.fabric8.kubernetes.api.model.Condition> ready(ModelRolloutStatus status) {
        return Optional.ofNullable(status.conditions()).orElse(List.of()).stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .findFirst();
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private String elapsed() {
        return seconds(Duration.between(start, Instant.now()));
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }
}
