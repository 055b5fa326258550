package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class RestrictedPodTest {

    @Test
    void the_pod_is_nobody_by_number() {
        var context = pod().getSecurityContext();

        assertThat(context.getRunAsNonRoot()).isTrue();
        assertThat(context.getRunAsUser()).isEqualTo(65532);
        assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void the_container_can_gain_nothing_and_write_nothing() {
        var context = container().getSecurityContext();

        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(context.getCapabilities().getAdd()).isEmpty();
    }

    @Test
    void only_temporary_files_can_be_written() {
        var pod = pod();

        var writable = container().getVolumeMounts().stream()
                .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .toList();

        assertThat(writable).extracting("mountPath").containsExactly("/tmp");
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("tmp"))
                .allMatch(volume -> volume.getEmptyDir() != null);
    }

    @Test
    void processor_and_memory_are_set() {
        var resources = container().getResources();

        assertThat(resources.getRequests()).containsOnlyKeys("cpu", "memory");
        assertThat(resources.getLimits()).containsOnlyKeys("cpu", "memory");
    }

    @Test
    void the_probes_ask_the_management_port() throws IOException {
        var container = container();
        var shipped = new Properties();
        shipped.load(Files.newBufferedReader(Path.of("src/main/resources/application.properties")));

        assertThat(container.getPorts()).extracting("containerPort").containsExactly(9000);
        assertThat(shipped).containsEntry("quarkus.management.port", "9000");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
        assertThat(List.of(container.getLivenessProbe(), container.getReadinessProbe(), container.getStartupProbe()))
                .allMatch(probe -> probe.getHttpGet().getPort().getStrVal().equals("management"));
    }

    @Test
    void only_this_pod_gets_the_token() {
        var account = Chart.render("").only(ServiceAccount.class);

        assertThat(account.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod().getAutomountServiceAccountToken()).isTrue();
        assertThat(pod().getServiceAccountName())
                .isEqualTo(account.getMetadata().getName());
    }

    @Test
    void a_drain_leaves_one_of_two() {
        var chart = Chart.render("");

        assertThat(chart.only(Deployment.class).getSpec().getReplicas()).isEqualTo(2);
        assertThat(chart.only(PodDisruptionBudget.class)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(1);
    }

    @Test
    @NeedsApiServer
    void a_namespace_that_enforces_restricted_admits_the_pod(ApiServer server) {
        var namespace = restrictedNamespace(server);
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName("operator")
                .withNamespace(namespace)
                .endMetadata()
                .withSpec(pod())
                .build();

        var admitted = server.client().resource(pod).create();

        assertThat(admitted.getMetadata().getUid()).isNotEmpty();
    }

    private static String restrictedNamespace(ApiServer server) {
        var namespace = server.newNamespace();
        server.client()
                .namespaces()
                .withName(namespace)
                .edit(n -> new NamespaceBuilder(n)
                        .editMetadata()
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build());
        return namespace;
    }

    private static PodSpec pod() {
        return Chart.render("providers: {default: {url: 'https://p', tokenSecret: {name: t}}}")
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static Container container() {
        return pod().getContainers().get(0);
    }
}
