package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RbacTest {

    private static final Path GOLDEN = Path.of("src/test/resources/chart");

    @Test
    void the_rights_are_these_and_no_more() throws IOException {
        var rights = rights("");

        assertThat(rights).isEqualTo(Files.readString(GOLDEN.resolve("rights.txt")));
    }

    @Test
    void with_namespaces_the_rights_are_these_and_no_more() throws IOException {
        var rights = rights("namespaces: [a, b]");

        assertThat(rights).isEqualTo(Files.readString(GOLDEN.resolve("rights-in-namespaces.txt")));
    }

    @Test
    void with_namespaces_nothing_is_cluster_wide_but_the_crds() {
        var chart = Chart.render("namespaces: [a, b]");

        assertThat(chart.objects())
                .filteredOn(object -> object.getMetadata().getNamespace() == null)
                .extracting(GenericKubernetesResource::getKind)
                .allMatch("CustomResourceDefinition"::equals);
    }

    @Test
    void with_namespaces_the_operator_is_told_to_watch_no_others() {
        var chart = Chart.render("namespaces: [a, b]");

        assertThat(chart.files().get("configmap.yaml")).contains("modelrollout.namespaces=a,b\n");
    }

    /** One line for each role and resource, in the order of the chart. */
    private static String rights(String values) {
        var chart = Chart.render(values);
        var clusterWide = chart.objects(ClusterRole.class).stream()
                .flatMap(role -> lines("ClusterRole " + role.getMetadata().getName(), role.getRules()));
        var local = chart.objects(Role.class).stream()
                .flatMap(role -> lines(
                        "Role %s/%s"
                                .formatted(
                                        role.getMetadata().getNamespace(),
                                        role.getMetadata().getName()),
                        role.getRules()));
        return String.join("\n", Stream.concat(clusterWide, local).toList()) + "\n";
    }

    private static Stream<String> lines(String role, List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.getResources().stream()
                        .map(resource -> "%s: %s %s %s"
                                .formatted(
                                        role,
                                        String.join(",", rule.getApiGroups()),
                                        resource,
                                        String.join(",", rule.getVerbs()))));
    }
}
