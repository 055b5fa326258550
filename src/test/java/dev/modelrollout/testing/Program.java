package dev.modelrollout.testing;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * A program that a test cannot do without.
 *
 * @param name for people
 * @param remedy what to set so that it is found: one sentence
 * @param requiredBy the environment variable that makes its absence an error when it is {@code true}
 */
record Program(String name, String remedy, String requiredBy) {

    /**
     * Whether the test runs.
     *
     * @throws ExtensionConfigurationException if the program is missing although the environment requires it
     */
    ConditionEvaluationResult decide(boolean found, Map<String, String> environment) {
        if (found) {
            return ConditionEvaluationResult.enabled(name + " found");
        }
        var missing = "No %s. %s".formatted(name, remedy);
        if ("true".equals(environment.get(requiredBy))) {
            throw new ExtensionConfigurationException("%s=true, but: %s".formatted(requiredBy, missing));
        }
        return ConditionEvaluationResult.disabled(missing);
    }
}
