package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitOpsTest {

    private static final Path FOLDER = Path.of("deploy/gitops");

    @Test
    void argo_cd_leaves_the_weights_alone_also_in_a_sync() throws IOException {
        var application = read("argocd/application.yaml");

        assertThat(application.<String>get("spec", "ignoreDifferences", 0, "jqPathExpressions", 0))
                .isEqualTo(".spec.rules[].backendRefs[].weight");
        assertThat(application.<List<String>>get("spec", "syncPolicy", "syncOptions"))
                .contains("RespectIgnoreDifferences=true");
    }

    @Test
    void argo_cd_is_told_the_health_of_our_kind() throws IOException {
        var settings = read("argocd/argocd-cm.yaml");

        assertThat(settings.<Map<String, String>>get("data"))
                .containsOnlyKeys("resource.customizations.health.modelrollout.dev_ModelRollout");
    }

    @Test
    void flux_judges_our_kind() throws IOException {
        var kustomization = read("flux/kustomization.yaml");

        assertThat(kustomization.<Map<String, String>>get("spec", "healthCheckExprs", 0))
                .containsEntry("apiVersion", "modelrollout.dev/v1alpha1")
                .containsEntry("kind", "ModelRollout")
                .containsOnlyKeys("apiVersion", "kind", "failed", "current");
    }

    @Test
    @NeedsApiServer
    void kustomize_prefixes_every_name(ApiServer server, @TempDir Path folder) throws IOException {
        Files.copy(FOLDER.resolve("kustomize/modelrollout.yaml"), folder.resolve("modelrollout.yaml"));
        Files.writeString(
                folder.resolve("sample.yaml"),
                Files.readString(Path.of("deploy/samples/minimal.yaml"))
                        .replace("deployment: chat-v2", "deployment: chat-v2, backend: {name: chat-v2}"));
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "{namePrefix: eu-, resources: [sample.yaml], configurations: [modelrollout.yaml]}");

        var built = server.kubectl("kustomize", folder.toString());

        assertThat(built)
                .contains("deployment: eu-chat-v1", "deployment: eu-chat-v2", "name: eu-chat\n", "name: eu-chat-v2\n")
                .doesNotContainPattern("(deployment|name): chat");
    }

    private static GenericKubernetesResource read(String file) throws IOException {
        return new KubernetesSerialization()
                .unmarshal(Files.readString(FOLDER.resolve(file)), GenericKubernetesResource.class);
    }
}
