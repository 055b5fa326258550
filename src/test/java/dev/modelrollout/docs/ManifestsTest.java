package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a reader copies works: manifests are taken by a real API server, Helm values by the chart. */
class ManifestsTest {

    /** Unknown fields are refused, not pruned. */
    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_each_manifest(ApiServer server, @TempDir Path folder) {
        server.install(Crds.all());
        return Page.all().stream()
                .flatMap(Page::manifests)
                .map(block -> dynamicTest(
                        title(block),
                        () -> assertThat(server.kubectl(
                                        "apply",
                                        "--dry-run=server",
                                        "--validate=strict",
                                        "-n",
                                        server.newNamespace(),
                                        "-f",
                                        block.in(folder).toString()))
                                .contains("created (server dry run)")));
    }

    @TestFactory
    Stream<DynamicTest> the_chart_takes_each_file_of_values(@TempDir Path folder) {
        return Page.all().stream()
                .flatMap(Page::values)
                .map(block -> dynamicTest(title(block), () -> {
                    var rendered = new Helm(Path.of("helm/modelrollout"))
                            .template()
                            .withKubeVersion("1.30.0")
                            .withValuesFile(block.in(folder))
                            .call();

                    assertThat(rendered).contains("kind: Deployment");
                }));
    }

    private static String title(Page.Block block) {
        return block.page().path() + ": "
                + block.text().lines().skip(1).findFirst().orElse("");
    }
}
