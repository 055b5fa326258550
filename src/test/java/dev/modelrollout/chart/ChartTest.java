package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {

    private static final String PROVIDER = """
            providers:
              eu-1:
                url: https://prometheus.monitoring.svc:9090/eu
                timeout: 3s
                caSecret: {name: ca}
                username: reader
                passwordSecret: {name: password, key: pass}
                clientCertSecret: {name: client}
                headers: {X-Scope-OrgID: team-a}
            """;

    @Test
    void helm_finds_nothing_to_complain_about() {
        var result = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @Test
    void the_default_values_install_this_and_no_more() {
        var chart = Chart.render("");

        assertThat(chart.objects())
                .extracting(
                        object -> object.getKind() + " " + object.getMetadata().getName())
                .filteredOn(name -> !name.startsWith("CustomResourceDefinition "))
                .containsExactlyInAnyOrder(
                        "ServiceAccount modelrollout",
                        "ConfigMap modelrollout",
                        "ClusterRole modelrollout",
                        "ClusterRole modelrollout-view",
                        "ClusterRole modelrollout-edit",
                        "ClusterRoleBinding modelrollout",
                        "Role modelrollout-leader",
                        "RoleBinding modelrollout-leader",
                        "Deployment modelrollout",
                        "PodDisruptionBudget modelrollout");
    }

    @Test
    void the_crds_in_the_chart_are_the_generated_ones() {
        var packed = texts(Chart.FOLDER.resolve("files/crds"));

        assertThat(packed).as("run: mvn test -Dtest=DeployTest -Dupdate=true").isEqualTo(texts(Path.of("crds")));
    }

    @Test
    void every_crd_is_installed_and_outlives_the_release() {
        var crds = crds("");

        assertThat(crds)
                .hasSameSizeAs(texts(Path.of("crds")).keySet())
                .allSatisfy((name, crd) -> assertThat(crd.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
    }

    @Test
    void crds_go_with_the_release_if_so_wished() {
        var crds = crds("crds: {keep: false}");

        assertThat(crds.values())
                .noneMatch(crd -> crd.getMetadata().getAnnotations().containsKey("helm.sh/resource-policy"));
    }

    @Test
    void crds_can_be_left_to_someone_else() {
        var crds = crds("crds: {enabled: false}");

        assertThat(crds).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica: 3",
                "replicas: 0",
                "image: {name: x}",
                "image: {digest: sha256:abc}",
                "namespaces: [Upper]",
                "namespaces: all",
                "policies: {enabled: true}",
                "resources: {limits: {memory: null}}",
                "resources: {requests: {cpu: null}}",
                "providers: {default: {}}",
                "providers: {default: {url: 'ftp://p'}}",
                "providers: {default: {url: 'https://user:password@p'}}",
                "providers: {default: {url: 'https://p', timeOut: 5s}}",
                "providers: {default: {url: 'https://p', timeout: 5}}",
                "providers: {default: {url: 'https://p', tokenSecret: t}}",
                "providers: {default: {url: 'https://p', username: u}}",
                "providers: {default: {url: 'https://p', headers: {X-A: \"a\\nquarkus.http.port=1\"}}}",
                "providers: {default: {url: 'https://p', headers: {X-A: '${HOME}'}}}",
                "providers: {default: {url: 'http://p', tokenSecret: {name: t}}}",
                "providers: {default: {url: 'https://p', tokenSecret: {name: t}, username: u, passwordSecret: {name: p}}}",
                "providers: {'a.b': {url: 'https://p'}}"
            })
    void values_that_mean_nothing_are_refused(String values) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("schema");
    }

    @Test
    void every_value_is_described() throws IOException {
        var lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));

        assertThat(lines.stream()
                        .filter(line -> line.matches("( {2})*\\w+: .+"))
                        .filter(line ->
                                !lines.get(lines.indexOf(line) - 1).strip().startsWith("#"))
                        .filter(line -> !line.matches(" +(requests|limits): .*")))
                .isEmpty();
    }

    @Test
    void a_token_may_go_to_loopback_without_tls() {
        var chart = Chart.render("providers: {default: {url: 'http://127.0.0.1:9090', tokenSecret: {name: t}}}");

        assertThat(properties(chart))
                .containsEntry(
                        "modelrollout.providers.\"default\".token-file", "/etc/modelrollout/providers/default/token");
    }

    @Test
    void a_provider_becomes_configuration() {
        var chart = Chart.render(PROVIDER);

        assertThat(properties(chart))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "modelrollout.providers.\"eu-1\".url", "https://prometheus.monitoring.svc:9090/eu",
                        "modelrollout.providers.\"eu-1\".timeout", "3s",
                        "modelrollout.providers.\"eu-1\".ca-file", "/etc/modelrollout/providers/eu-1/ca.crt",
                        "modelrollout.providers.\"eu-1\".username", "reader",
                        "modelrollout.providers.\"eu-1\".password-file", "/etc/modelrollout/providers/eu-1/password",
                        "modelrollout.providers.\"eu-1\".client-cert-file", "/etc/modelrollout/providers/eu-1/tls.crt",
                        "modelrollout.providers.\"eu-1\".client-key-file", "/etc/modelrollout/providers/eu-1/tls.key",
                        "modelrollout.providers.\"eu-1\".headers.\"X-Scope-OrgID\"", "team-a"));
    }

    @Test
    void each_credential_is_mounted_where_the_configuration_says() {
        var pod = Chart.render(PROVIDER)
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();

        assertThat(pod.getContainers().get(0).getVolumeMounts())
                .anyMatch(mount -> mount.getName().equals("credentials")
                        && mount.getMountPath().equals("/etc/modelrollout/providers"));
        assertThat(secretFiles(pod.getVolumes().stream()
                        .filter(volume -> volume.getName().equals("credentials"))
                        .findFirst()
                        .orElseThrow()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "eu-1/ca.crt", "ca/ca.crt",
                        "eu-1/password", "password/pass",
                        "eu-1/tls.crt", "client/tls.crt",
                        "eu-1/tls.key", "client/tls.key"));
    }

    @Test
    void a_changed_configuration_restarts_the_pods() {
        var before = Chart.render("").only(Deployment.class);

        var after = Chart.render(PROVIDER).only(Deployment.class);

        assertThat(after.getSpec().getTemplate().getMetadata().getAnnotations())
                .isNotEqualTo(before.getSpec().getTemplate().getMetadata().getAnnotations());
    }

    @Test
    void the_image_is_the_one_of_this_version() {
        var image = image("");

        assertThat(image).isEqualTo("ghcr.io/modelrollout/modelrollout-operator:0.1.0");
    }

    @Test
    void a_digest_wins_over_a_tag_and_a_mirror_over_the_registry() {
        var digest = "sha256:" + "0".repeat(64);

        var image = image("image: {registry: mirror.example.org, tag: '1', digest: '%s'}".formatted(digest));

        assertThat(image).isEqualTo("mirror.example.org/modelrollout/modelrollout-operator@" + digest);
    }

    @Test
    void a_single_replica_has_no_disruption_budget() {
        var chart = Chart.render("replicas: 1");

        assertThat(chart.objects())
                .extracting(GenericKubernetesResource::getKind)
                .doesNotContain("PodDisruptionBudget");
    }

    @Test
    void the_network_policy_opens_dns_the_api_server_and_the_providers_ports() {
        var policy = Chart.render("""
                        networkPolicy: {enabled: true}
                        providers:
                          default: {url: 'http://prometheus:9090/x'}
                          eu: {url: 'https://eu.example.org'}
                          us: {url: 'http://us.example.org'}
                        """).only(NetworkPolicy.class).getSpec();

        assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getEgress()).hasSize(1);
        assertThat(policy.getEgress().get(0).getPorts())
                .extracting(port -> port.getPort().getIntVal())
                .containsExactly(53, 53, 443, 6443, 9090, 80);
    }

    @Test
    @NeedsApiServer
    void a_cluster_takes_the_chart_with_everything_on(ApiServer server, @TempDir Path folder) throws IOException {
        var values = PROVIDER + """
                networkPolicy: {enabled: true, extraEgress: [{ports: [{port: 9091}]}]}
                imagePullSecrets: [pull]
                priorityClassName: system-cluster-critical
                nodeSelector: {kubernetes.io/os: linux}
                tolerations: [{operator: Exists}]
                affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}
                """;
        var everything = Files.writeString(
                folder.resolve("everything.yaml"),
                String.join("---\n", Chart.render(values).files().values()));
        server.kubectl("apply", "--server-side", "--force-conflicts", "-f", "deploy/namespace.yaml");

        var answer = server.kubectl(
                "apply",
                "--server-side",
                "--force-conflicts",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                everything.toString());

        assertThat(answer)
                .contains(
                        "deployment.apps/modelrollout serverside-applied",
                        "networkpolicy.networking.k8s.io/modelrollout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|kubectl get modelrollouts -A",
                "{}|--set providers.default.url=",
                "namespaces: [a, b]|kubectl get modelrollouts -n a",
                "namespaces: [a, b]|watches a, b."
            })
    void the_notes_say_what_comes_next(String values, String wanted) {
        var notes = Chart.notes(values);

        assertThat(notes).contains(wanted);
    }

    @Test
    void with_a_provider_the_notes_do_not_ask_for_one() {
        var notes = Chart.notes(PROVIDER);

        assertThat(notes).doesNotContain("No provider");
    }

    private static Map<String, GenericKubernetesResource> crds(String values) {
        return Chart.render(values).objects().stream()
                .filter(object -> object.getKind().equals("CustomResourceDefinition"))
                .collect(Collectors.toMap(crd -> crd.getMetadata().getName(), crd -> crd));
    }

    private static String image(String values) {
        return Chart.render(values)
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }

    private static Map<String, String> properties(Chart chart) {
        var properties = new Properties();
        try {
            properties.load(
                    new StringReader(chart.only(ConfigMap.class).getData().get("application.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    /** File in the volume -> Secret and key. */
    private static Map<String, String> secretFiles(Volume volume) {
        return volume.getProjected().getSources().stream()
                .flatMap(source -> source.getSecret().getItems().stream()
                        .map(item ->
                                Map.entry(item.getPath(), source.getSecret().getName() + "/" + item.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** YAML files by name; a folder that is not there holds none. */
    private static Map<String, String> texts(Path folder) {
        var texts = new TreeMap<String, String>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, "*.yml")) {
                for (var file : files) {
                    texts.put(file.getFileName().toString(), Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }
}
