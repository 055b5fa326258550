package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {

    private static final Path FOLDER = Path.of("deploy/samples");
    private static final Pattern SEPARATOR = Pattern.compile("^---\n", Pattern.MULTILINE);
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    static Stream<Arguments> samples() throws IOException {
        return yamlIn(FOLDER).stream().map(file -> arguments(file.getFileName().toString(), objectsIn(file)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void a_sample_is_complete(String name, List<GenericKubernetesResource> objects) {
        var kinds = objects.stream().map(GenericKubernetesResource::getKind).toList();

        assertThat(kinds)
                .containsExactly("Deployment", "Service", "Deployment", "Service", "HTTPRoute", "ModelRollout");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void a_rollout_names_what_the_sample_holds(String name, List<GenericKubernetesResource> objects) {
        var rollout = objects.get(objects.size() - 1);

        assertThat(names(objects, "HTTPRoute")).containsExactly(rollout.<String>get("spec", "route", "name"));
        assertThat(names(objects, "Deployment"))
                .containsExactly(
                        rollout.<String>get("spec", "versions", 0, "deployment"),
                        rollout.<String>get("spec", "versions", 1, "deployment"))
                .isEqualTo(names(objects, "Service"));
    }

    /**
     * Kinds that the server does not serve are left out: the Gateway API's CRDs are taken from {@code
     * $TESTBED_CRDS/gateway-api}, where that is set.
     */
    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_each_sample(ApiServer server) throws IOException {
        server.install(yamlIn(Path.of("crds")));
        var gateway = Optional.ofNullable(System.getenv("TESTBED_CRDS"))
                .map(crds -> yamlIn(Path.of(crds, "gateway-api")))
                .orElse(List.of());
        server.install(gateway);
        return yamlIn(FOLDER).stream()
                .map(sample -> DynamicTest.dynamicTest(
                        sample.getFileName().toString(), () -> create(server, objectsIn(sample), !gateway.isEmpty())));
    }

    /** Strict: an unknown field is refused, not pruned. */
    private static void create(ApiServer server, List<GenericKubernetesResource> objects, boolean routes) {
        var namespace = server.newNamespace();
        for (var object : objects) {
            if (routes || !object.getKind().equals("HTTPRoute")) {
                server.client()
                        .resource(object)
                        .inNamespace(namespace)
                        .fieldValidation(Validation.STRICT)
                        .create();
            }
        }
    }

    private static List<String> names(List<GenericKubernetesResource> objects, String kind) {
        return objects.stream()
                .filter(object -> object.getKind().equals(kind))
                .map(object -> object.getMetadata().getName())
                .toList();
    }

    private static List<GenericKubernetesResource> objectsIn(Path file) {
        try {
            return SEPARATOR
                    .splitAsStream(Files.readString(file))
                    .map(document -> YAML.unmarshal(document, GenericKubernetesResource.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the order of their names; a folder that is not there holds none. */
    private static List<Path> yamlIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
