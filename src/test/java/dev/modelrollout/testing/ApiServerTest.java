package dev.modelrollout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsApiServer
class ApiServerTest {

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.testing.modelrollout.dev}
            spec:
              group: testing.modelrollout.dev
              scope: Namespaced
              names: {kind: Widget, plural: widgets}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object}}
            """;

    @Test
    void each_namespace_is_a_new_one(ApiServer server) {
        var first = server.newNamespace();

        var second = server.newNamespace();

        assertThat(second).isNotEqualTo(first);
        assertThat(server.client().namespaces().withName(second).get()).isNotNull();
    }

    @Test
    void all_tests_share_one_server(ApiServer first, ApiServer second) {
        assertThat(second).isSameAs(first);
    }

    @Test
    void the_kubeconfig_leads_to_the_same_server(ApiServer server) {
        var config = Config.fromKubeconfig(server.kubeconfig());

        assertThat(config.getMasterUrl())
                .isEqualTo(server.client().getMasterUrl().toString());
    }

    @Test
    void a_service_account_without_a_role_may_do_nothing(ApiServer server) {
        var namespace = server.newNamespace();

        try (var client = server.asServiceAccount(namespace, "nobody")) {
            assertThatThrownBy(() -> client.pods().inNamespace(namespace).list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(403));
        }
    }

    @Test
    void kubectl_talks_to_the_same_server(ApiServer server) {
        var namespace = server.newNamespace();

        var seen = server.kubectl("get", "namespace", namespace, "-o", "name");

        assertThat(seen).isEqualTo("namespace/" + namespace + "\n");
    }

    @Test
    void a_failing_kubectl_says_why(ApiServer server) {
        assertThatThrownBy(() -> server.kubectl("get", "namespace", "missing"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"missing\" not found");
    }

    @Test
    void a_crd_is_served_once_installed_and_may_be_installed_again(ApiServer server, @TempDir Path folder)
            throws IOException {
        var file = Files.writeString(folder.resolve("widgets.yaml"), WIDGETS);
        server.install(List.of(file));

        server.install(List.of(file));

        assertThat(server.client()
                        .genericKubernetesResources("testing.modelrollout.dev/v1", "Widget")
                        .inNamespace("default")
                        .list()
                        .getItems())
                .isEmpty();
    }
}
