package dev.modelrollout.e2e.decisions;

import dev.modelrollout.bench.decisions.Bound;
import dev.modelrollout.bench.decisions.Cell;
import dev.modelrollout.bench.decisions.Cell.Traffic;
import dev.modelrollout.bench.decisions.Noise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of rollout.
 *
 * @param name for people
 * @param ratio how many times as bad as stable the candidate is
 * @param max the limit of the candidate's share, 0..1; without one, 0, it is compared with stable
 * @param isLatency whether what is bad is slow, else it is an error
 */
record Story(String name, Cell cell, double ratio, double max, boolean isLatency, Bursts bursts, Trouble trouble) {

    /** Between two windows. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The candidate fails when it is worse by more than this part of stable's share. */
    private static final double MARGIN = 0.1;

    /** How much worse one has to be, to be a bad one. */
    private static final double SAFE = 1.5;

    private static final String COUNTS = """
            {name: errors, %s, counts: {
              bad: 'sum by (job, pod, instance) (http_requests_total{namespace="$namespace",pod=~"$pods",code=~"5.."})',
              total: 'sum by (job, pod, instance) (http_requests_total{namespace="$namespace",pod=~"$pods"})'}}""";
    private static final String LATENCY = """
            {name: slow, %s, slowerThan: 1s, latency: {
              buckets: 'http_request_duration_seconds_bucket{namespace="$namespace",pod=~"$pods"}'}}""";

    static final List<Story> ALL = all();

    private static List<Story> all() {
        var none = Trouble.NONE;
        var calm = Bursts.NONE;
        var all = new ArrayList<Story>();
        add(all, "equal", new Traffic(50, 10), 0.01, 1, calm, none);
        add(all, "equal", new Traffic(10, 10), 0.05, 1, calm, none);
        add(all, "equal, each pod in bursts", new Traffic(50, 10), 0.01, 1, Bursts.OF_PODS, none);
        add(all, "equal, each version in bursts", new Traffic(50, 10), 0.01, 1, Bursts.OF_VERSIONS, none);
        add(all, "equal, counter resets", new Traffic(50, 10), 0.01, 1, calm, Trouble.COUNTER_RESETS);
        add(all, "equal, scrape gaps", new Traffic(50, 10), 0.01, 1, calm, Trouble.SCRAPE_GAPS);
        add(all, "equal, rolling restart of stable", new Traffic(50, 10), 0.01, 1, calm, Trouble.ROLLING_RESTART);
        add(
                all,
                "equal, stable's Deployment restarted",
                new Traffic(50, 10),
                0.01,
                1,
                calm,
                Trouble.DEPLOYMENT_RESTART);
        add(all, "equal, operator killed", new Traffic(50, 10), 0.01, 1, calm, Trouble.OPERATOR_KILLED);
        add(all, "equal, 1 request/s", new Traffic(0.1, 10), 0.01, 1, calm, none);
        add(all, "equal, 1 request/s", new Traffic(0.5, 50), 0.2, 1, calm, none);
        add(all, "2 times as bad", new Traffic(20, 10), 0.01, 2, calm, none);
        add(all, "2 times as bad", new Traffic(5, 10), 0.05, 2, calm, none);
        add(all, "2 times as bad", new Traffic(50, 50), 0.01, 2, calm, none);
        add(all, "5 times as bad", new Traffic(10, 10), 0.01, 5, calm, none);
        add(all, "5 times as bad", new Traffic(2, 10), 0.05, 5, calm, none);
        add(all, "2 times as bad, each pod in bursts", new Traffic(50, 10), 0.01, 2, Bursts.OF_PODS, none);
        add(all, "2 times as bad, operator killed", new Traffic(20, 10), 0.01, 2, calm, Trouble.OPERATOR_KILLED);
        all.add(new Story("equal, max 3 %", cell(all, new Traffic(20, 10), 0.01), 1, 0.03, false, calm, none));
        all.add(new Story("3 %, max 2 %", cell(all, new Traffic(30, 10), 0.01), 3, 0.02, false, calm, none));
        all.add(new Story("equal, slow requests", cell(all, new Traffic(20, 10), 0.05), 1, 0, true, calm, none));
        all.add(new Story("2 times as slow", cell(all, new Traffic(5, 10), 0.05), 2, 0, true, calm, none));
        return List.copyOf(all);
    }

    private static void add(
            List<Story> all,
            String name,
            Traffic traffic,
            double stableShare,
            double ratio,
            Bursts bursts,
            Trouble trouble) {
        all.add(new Story(name, cell(all, traffic, stableShare), ratio, 0, false, bursts, trouble));
    }

    private static Cell cell(List<Story> all, Traffic traffic, double stableShare) {
        return new Cell(all.size(), traffic, stableShare, Noise.Model.IID);
    }

    boolean isBad() {
        return ratio > SAFE;
    }

    /** Share of bad requests, 0..1. */
    double share(boolean candidate) {
        return cell.stableShare() * (candidate ? ratio : 1);
    }

    /** To both versions. */
    double requestsPerSecond() {
        return cell.traffic().candidatePerSecond() / cell.traffic().share();
    }

    /** Requests to a bad candidate that no test can do without. */
    double bound() {
        return max > 0 ? Bound.requests(share(true), max) : Bound.requests(cell, ratio, 1 + MARGIN);
    }

    /** YAML of a ModelRollout whose candidate, v2, is due. */
    String manifest(String namespace, String name) {
        var limit = max > 0 ? "max: \"%s\"".formatted(max) : "worseThanStable: \"%s\"".formatted(MARGIN);
        return """
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  route: {name: %1$s}
                  versions: [{name: v1, deployment: %1$s-v1}, {name: v2, deployment: %1$s-v2}]
                  target: v2
                  steps: [{weight: %3$.0f, hold: 0s}]
                  analysis:
                    interval: %5$ds
                    warmup: 0s
                    checks:
                    - %4$s
                """.formatted(
                        name,
                        namespace,
                        cell.traffic().weightPercent(),
                        (isLatency ? LATENCY : COUNTS).formatted(limit).replace("\n", "\n      "),
                        INTERVAL.toSeconds());
    }
}
