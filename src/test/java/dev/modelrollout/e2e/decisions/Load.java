package dev.modelrollout.e2e.decisions;

import dev.modelrollout.testing.OperatorProcess;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** What the operator costs, as it says itself. */
record Load(double cpuSeconds, double heapMiB, String metrics) {

    private static final List<String> TOLD = List.of(
            "modelrollout_source_requests_total",
            "modelrollout_source_request_seconds_count",
            "modelrollout_source_request_seconds_sum",
            "modelrollout_reconcile_seconds_count",
            "modelrollout_reconcile_seconds_sum",
            "modelrollout_rollback_seconds_count",
            "modelrollout_rollback_seconds_sum",
            "jvm_gc_collection_seconds");

    static Load of(OperatorProcess operator) throws IOException, InterruptedException {
        var metrics = operator.metrics();
        return new Load(
                operator.handle().info().totalCpuDuration().orElseThrow().toMillis() / 1000.0,
                operator.heapMiB(),
                metrics.lines()
                        .filter(line -> TOLD.stream().anyMatch(line::startsWith))
                        .collect(Collectors.joining("\n")));
    }

    @Override
    public String toString() {
        return "operator: %.1f s of CPU, %.0f MiB of heap after a collection%n%s"
                .formatted(cpuSeconds, heapMiB, metrics);
    }
}
