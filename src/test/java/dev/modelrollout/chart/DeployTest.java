package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * {@code deploy/} is the chart with its default values. After a change of the chart or of {@code crds/}, {@code mvn
 * test -Dtest=DeployTest -Dupdate=true} writes both the chart's copy of the CRDs and {@code deploy/} anew; with
 * {@code CI=true} it refuses.
 */
class DeployTest {

    private static final Path FOLDER = Path.of("deploy");
    private static final Path NAMESPACE = Path.of("namespace.yaml");

    @Test
    void the_base_is_the_chart_with_its_default_values() throws IOException {
        if (Boolean.getBoolean("update")) {
            update();
        }

        var expected = base();

        assertThat(checkedIn())
                .as("run: mvn test -Dtest=DeployTest -Dupdate=true")
                .isEqualTo(expected);
    }

    @Test
    @NeedsApiServer
    void a_cluster_takes_the_base(ApiServer server) {
        server.kubectl("apply", "--server-side", "--force-conflicts", "-k", FOLDER.toString());

        assertThat(server.kubectl("get", "deployments", "-n", "modelrollout-system", "-o", "name"))
                .isEqualTo("deployment.apps/modelrollout\n");
    }

    private static void update() throws IOException {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("-Dupdate=true would make any change pass: not in CI");
        }
        copyCrds();
        for (var name : checkedIn().keySet()) {
            Files.delete(FOLDER.resolve(name));
        }
        for (var file : base().entrySet()) {
            Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    private static void copyCrds() throws IOException {
        var copies = Files.createDirectories(Chart.FOLDER.resolve("files/crds"));
        try (var old = Files.newDirectoryStream(copies, "*.yml")) {
            for (var file : old) {
                Files.delete(file);
            }
        }
        var generated = Path.of("crds");
        if (Files.isDirectory(generated)) {
            try (var files = Files.newDirectoryStream(generated, "*.yml")) {
                for (var file : files) {
                    Files.copy(file, copies.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** What should be there: one file for each template, and a kustomization that lists them. */
    private static Map<String, String> base() {
        var files = new TreeMap<>(Chart.render("").files());
        var kustomization = new StringBuilder("""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: modelrollout-system
                resources:
                  - %s
                """.formatted(NAMESPACE));
        files.keySet().forEach(name -> kustomization.append("  - ").append(name).append('\n'));
        files.put("kustomization.yaml", kustomization.toString());
        return files;
    }

    /** What is there, but for the namespace: no template makes one. */
    private static Map<String, String> checkedIn() throws IOException {
        var texts = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(FOLDER, "*.yaml")) {
            for (var file : files) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        texts.remove(NAMESPACE.toString());
        return texts;
    }
}
