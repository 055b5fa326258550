package dev.modelrollout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Finds the binaries, and hands the one {@link ApiServer} of this JVM to the tests; JUnit stops it at the end. */
final class ApiServerExtension implements ExecutionCondition, ParameterResolver {

    static final Program API_SERVER = new Program(
            "API server",
            "Set KUBE_API_TEST_DIR to a folder with k8s/<version>-linux-amd64/{etcd,kube-apiserver,kubectl}.",
            "REQUIRE_API_SERVER");

    private static final String FOLDER = "KUBE_API_TEST_DIR";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var environment = System.getenv();
        return API_SERVER.decide(found(environment), environment);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ApiServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(ApiServer.class))
                .computeIfAbsent(ApiServer.class, key -> ApiServer.start(Path.of(System.getenv(FOLDER))));
    }

    static boolean found(Map<String, String> environment) {
        var versions = Path.of(environment.getOrDefault(FOLDER, ""), "k8s");
        if (!environment.containsKey(FOLDER) || !Files.isDirectory(versions)) {
            return false;
        }
        try (var folders = Files.list(versions)) {
            return folders.anyMatch(ApiServerExtension::isComplete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isComplete(Path folder) {
        return List.of("etcd", "kube-apiserver", "kubectl").stream()
                .allMatch(name -> Files.isExecutable(folder.resolve(name)));
    }
}
