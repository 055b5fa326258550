package dev.modelrollout.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Finds {@code prometheus} on the {@code PATH}. */
final class PrometheusCondition implements ExecutionCondition {

    static final Program PROMETHEUS =
            new Program("Prometheus", "Put the program prometheus on the PATH.", "REQUIRE_PROMETHEUS");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var environment = System.getenv();
        return PROMETHEUS.decide(found(environment), environment);
    }

    static boolean found(Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus")));
    }
}
