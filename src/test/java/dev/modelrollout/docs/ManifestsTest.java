package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a reader copies works: manifests are taken by a real API server, patches too, Helm values by the chart. */
class ManifestsTest {

    private static final String VALUES = "# values.yaml\n";
    private static final Pattern SEPARATOR = Pattern.compile("^---\n", Pattern.MULTILINE);
    private static final Pattern PATCH =
            Pattern.compile("^kubectl patch mro chat --type=merge -p '([^']+)'$", Pattern.MULTILINE);
    private static final Path CRD = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");

    /**
     * Routes are left out unless {@code $TESTBED_CRDS/gateway-api} holds the Gateway API's CRDs. Unknown fields are
     * refused, not pruned.
     */
    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_each_manifest(ApiServer server, @TempDir Path folder) {
        var served = install(server);
        return pages("yaml")
                .filter(block -> !block.text().startsWith(VALUES))
                .map(block -> dynamicTest(title(block), () -> {
                    var documents = SEPARATOR
                            .splitAsStream(block.text())
                            .filter(document -> served || !document.contains("kind: HTTPRoute"))
                            .collect(Collectors.joining("---\n"));

                    server.kubectl(
                            "apply",
                            "--dry-run=server",
                            "--validate=strict",
                            "-n",
                            server.newNamespace(),
                            "-f",
                            write(folder, documents));
                }));
    }

    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_each_patch(ApiServer server, @TempDir Path folder) {
        install(server);
        var namespace = server.newNamespace();
        var first = Page.README.blocks("yaml").get(0).text();
        server.kubectl("apply", "-n", namespace, "-f", write(folder, first));
        return pages("sh")
                .flatMap(block -> PATCH.matcher(block.text()).results().map(found -> found.group(1)))
                .distinct()
                .map(patch -> dynamicTest(
                        patch,
                        () -> server.kubectl(
                                "patch",
                                "mro",
                                "chat",
                                "-n",
                                namespace,
                                "--dry-run=server",
                                "--type=merge",
                                "-p",
                                patch)));
    }

    @TestFactory
    Stream<DynamicTest> the_chart_takes_each_file_of_values(@TempDir Path folder) {
        return pages("yaml")
                .filter(block -> block.text().startsWith(VALUES))
                .map(block -> dynamicTest(title(block), () -> {
                    var rendered = new Helm(Path.of("helm/modelrollout"))
                            .template()
                            .withKubeVersion("1.30.0")
                            .withValuesFile(Path.of(write(folder, block.text())))
                            .call();

                    assertThat(rendered).contains("kind: Deployment");
                }));
    }

    private static Stream<Page.Block> pages(String language) {
        return Page.all().stream().flatMap(page -> page.blocks(language).stream());
    }

    private static String title(Page.Block block) {
        return block.page().path() + ": " + block.text().lines().findFirst().orElse("");
    }

    /** Whether routes are served too. */
    private static boolean install(ApiServer server) {
        server.install(List.of(CRD));
        var gateway = Optional.ofNullable(System.getenv("TESTBED_CRDS"))
                .map(crds -> yamlIn(Path.of(crds, "gateway-api")))
                .orElse(List.of());
        server.install(gateway);
        return !gateway.isEmpty();
    }

    private static List<Path> yamlIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Path folder, String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "block", ".yaml"), text)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
