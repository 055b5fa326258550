package dev.modelrollout.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Finds what a {@link Cluster} is started with. */
final class ClusterCondition implements ExecutionCondition {

    static final String SCRIPTS = "TESTBED";
    static final String PROGRAMS = "TESTBED_BIN";

    static final Program CLUSTER = new Program(
            "cluster",
            "Set TESTBED to the folder of the script apiserver, which starts one, and TESTBED_BIN to that of kubectl.",
            "REQUIRE_API_SERVER");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var environment = System.getenv();
        return CLUSTER.decide(found(environment), environment);
    }

    static boolean found(Map<String, String> environment) {
        return isExecutable(environment, SCRIPTS, "apiserver") && isExecutable(environment, PROGRAMS, "kubectl");
    }

    private static boolean isExecutable(Map<String, String> environment, String folder, String name) {
        return environment.containsKey(folder) && Files.isExecutable(Path.of(environment.get(folder), name));
    }
}
