package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a reader copies works: manifests are taken by a real API server, values by the chart. */
class ManifestsTest {

    private static final String VALUES = "# values.yaml\n";

    /** Unknown fields are refused, not pruned. */
    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_each_manifest(ApiServer server, @TempDir Path folder) {
        server.install(Crds.all());
        return yaml().filter(block -> !block.text().startsWith(VALUES))
                .map(block -> dynamicTest(
                        title(block),
                        () -> server.kubectl(
                                "apply",
                                "--dry-run=server",
                                "--validate=strict",
                                "-n",
                                server.newNamespace(),
                                "-f",
                                write(folder, block))));
    }

    @TestFactory
    Stream<DynamicTest> the_chart_takes_each_file_of_values(@TempDir Path folder) {
        return yaml().filter(block -> block.text().startsWith(VALUES))
                .map(block -> dynamicTest(title(block), () -> {
                    var rendered = new Helm(Path.of("helm/modelrollout"))
                            .template()
                            .withKubeVersion("1.30.0")
                            .withValuesFile(Path.of(write(folder, block)))
                            .call();

                    assertThat(rendered).contains("kind: Deployment");
                }));
    }

    private static Stream<Page.Block> yaml() {
        return Page.all().stream().flatMap(page -> page.blocks("yaml").stream());
    }

    private static String title(Page.Block block) {
        return block.page().path() + ": "
                + block.text().lines().skip(1).findFirst().orElse("");
    }

    private static String write(Path folder, Page.Block block) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "block", ".yaml"), block.text())
                .toString();
    }
}
