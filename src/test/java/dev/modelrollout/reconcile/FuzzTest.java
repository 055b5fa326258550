package dev.modelrollout.reconcile;

import static dev.modelrollout.testing.StubServer.reply;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.prometheus.PrometheusProvider;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.CapturedLog;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Hands;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.StubServer;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One tenant writes rollouts, routes and Deployments that the schema admits, or would not admit, and asks a Prometheus
 * that answers as it likes; a rollout in another namespace goes on meanwhile, and nothing of it all is shown.
 */
@NeedsApiServer
class FuzzTest {

    private static final int OBJECTS = Integer.getInteger("objects", 500);
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int PLACES = 25;
    private static final int MIB = 1024 * 1024;
    private static final String MARK = "asked_for_";

    /** In annotations, and in all that its Prometheus answers. */
    private static final String SECRET = "n0t-for-y0u";

    private static final Path CRD = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");
    private static final String ROLLOUTS = "/apis/modelrollout.dev/v1alpha1/namespaces/%s/modelrollouts";
    private static final String ROUTES = "/apis/gateway.networking.k8s.io/v1/namespaces/%s/httproutes";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/%s/deployments";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final CapturedLog log = new CapturedLog();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Duration> fell = new ArrayList<>();
    private int asked;
    private ApiServer server;
    private String hostile;
    private StubServer prometheus;
    private Town town;
    private JsonNode schema;

    @BeforeEach
    void start(ApiServer server) throws IOException {
        System.out.println("seed " + SEED);
        this.server = server;
        schema = YAML.readTree(CRD.toFile()).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
        town = new Town(server).measures("v1", 0.01).measures("v2", 0.01);
        hostile = server.newNamespace();
        prometheus = new StubServer(FuzzTest::answer);
        var lying = new PrometheusProvider(
                        "default",
                        prometheus.url(),
                        Duration.ofSeconds(1),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of())
                .open(InstantSource.system(), "1.2.3");
        town.startOperator(
                new MetricSource() {
                    @Override
                    public CompletableFuture<Answer> ask(Question question, Instant tick) {
                        return question.query().contains(MARK)
                                ? lying.ask(question, tick)
                                : CompletableFuture.completedFuture(town.answer(question, tick));
                    }

                    @Override
                    public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
                        return lying.askRange(question, ticks);
                    }
                },
                hostile);
    }

    @AfterEach
    void end() {
        server.install(Crds.all());
        town.close();
        prometheus.close();
        log.close();
    }

    @Test
    void a_tenant_who_writes_anything_stops_nobody_else_and_nothing_secret_is_shown() throws Exception {
        Hands.each(0, PLACES, place -> Surroundings.create(server.client(), hostile, "r" + place));
        crowd();
        town.applyChat("v1");
        town.awaitReason("Live");
        var before = usedMiB();
        besides(() -> {});
        var alone = fell.get(0);

        besides(() -> Hands.each(0, OBJECTS / 2, this::write));
        System.out.printf("by the schema: %d objects stored, %d refused%n", stored.get(), refused.get());
        admitAnything();
        besides(() -> Hands.each(OBJECTS / 2, OBJECTS, this::write));
        System.out.printf("in all: %d objects stored, %d refused%n", stored.get(), refused.get());
        var statuses = rollouts().list().getItems().stream()
                .map(rollout -> String.valueOf(rollout.<Object>get("status")))
                .toList();
        deleteRollouts();
        server.install(Crds.all());
        town.applyChat("v2", "attempt: 1000000");
        town.awaitReason("Live");
        fell.sort(null);
        System.out.printf(
                "%d questions asked; breach -> weight 0 seen, alone %d ms, beside it, %d times: median %d ms,"
                        + " longest %d ms; heap grew by %.0f MiB%n",
                asked,
                alone.toMillis(),
                fell.size(),
                fell.get(fell.size() / 2).toMillis(),
                fell.get(fell.size() - 1).toMillis(),
                usedMiB() - before);

        assertThat(stored).hasValueGreaterThan(OBJECTS / 4);
        assertThat(refused).hasValueGreaterThan(OBJECTS / 20);
        assertThat(asked).isGreaterThan(OBJECTS / 10);
        assertThat(usedMiB() - before).isLessThan(100);
        assertThat(log.lines()).noneMatch(this::isSecret);
        assertThat(statuses).isNotEmpty().noneMatch(this::isSecret);
        assertThat(server.client().v1().events().inNamespace(hostile).list().getItems())
                .isNotEmpty()
                .noneMatch(event -> isSecret(event.toString()));
    }

    /** What came from elsewhere, or a query with its values filled in. */
    private boolean isSecret(String shown) {
        return shown.contains(SECRET) || shown.contains("n=\"" + hostile);
    }

    /** Rolls back again and again until the work is done. */
    private void besides(Runnable work) {
        var done = CompletableFuture.runAsync(work);
        do {
            town.applyChat("v2", "steps: [{weight: 25, hold: 24h}]", "attempt: " + (fell.size() + 1));
            town.awaitWeight(25);
            town.awaitStatus(seen -> Integer.valueOf(25).equals(seen.weight()));
            var from = Instant.now();
            town.measures("v2", 0.2);
            town.awaitWeight(0);
            fell.add(Duration.between(from, Instant.now()));
            town.awaitReason("CheckFailed");
            town.measures("v2", 0.01);
            asked += prometheus.requests.size();
            prometheus.requests.clear();
        } while (!done.isDone());
        done.join();
    }

    // What the tenant does

    /** Thousands of endpoints, and a route as large as routes get. */
    private void crowd() {
        Hands.each(
                0,
                Math.min(OBJECTS, 2_000),
                i -> server.client()
                        .resource(new EndpointSliceBuilder()
                                .withNewMetadata()
                                .withName("crowd-" + i)
                                .addToLabels("kubernetes.io/service-name", "r" + i % 3 + "-v1")
                                .endMetadata()
                                .withAddressType("IPv4")
                                .addNewEndpoint()
                                .withAddresses("10.0.0.1")
                                .endEndpoint()
                                .build())
                        .inNamespace(hostile)
                        .create());
        var route = object("gateway.networking.k8s.io/v1", "HTTPRoute", "r0");
        var rules = route.putObject("spec").putArray("rules");
        for (var rule = 0; rule < 16; rule++) {
            var refs = rules.addObject().putArray("backendRefs");
            for (var ref = 0; ref < 16; ref++) {
                refs.addObject().put("name", "r0-v" + (ref + 1)).put("port", 80).put("weight", ref == 0 ? 1 : 0);
            }
        }
        put(ROUTES, route);
    }

    private void write(int number) {
        var random = new Random(SEED + number);
        var fuzzed = new Fuzzed(random, MARK);
        var place = "r" + random.nextInt(PLACES);
        switch (random.nextInt(10)) {
            case 0, 1 -> put(ROUTES, perhapsSpoilt(fuzzed, random, route(place, random)));
            case 2, 3 -> put(DEPLOYMENTS, perhapsSpoilt(fuzzed, random, deployment(place, random)));
            default -> put(ROLLOUTS, rollout(fuzzed, random, place));
        }
    }

    private ObjectNode rollout(Fuzzed fuzzed, Random random, String place) {
        var rollout = object("modelrollout.dev/v1alpha1", "ModelRollout", place);
        annotate(rollout, random);
        var spec = (ObjectNode) fuzzed.valid(schema);
        if (random.nextInt(8) != 0) {
            spec.set("route", JSON.createObjectNode().put("name", place));
            var versions = spec.putArray("versions");
            versions.addObject().put("name", "v1").put("deployment", place + "-v1");
            versions.addObject().put("name", "v2").put("deployment", place + "-v2");
            spec.put("target", random.nextBoolean() ? "v1" : "v2");
            spec.remove("ramp");
            spec.remove("steps");
            spec.set("analysis", analysis(fuzzed, random));
        }
        rollout.set("spec", spec);
        return perhapsSpoilt(fuzzed, random, rollout);
    }

    /** Checks that agree in themselves. */
    private static ObjectNode analysis(Fuzzed fuzzed, Random random) {
        var analysis = JSON.createObjectNode().put("interval", random.nextBoolean() ? "1s" : "5s");
        var checks = analysis.putArray("checks");
        for (var i = 0; i < random.nextInt(20); i++) {
            var check = checks.addObject().put("name", "c" + i).put("max", "0.5");
            switch (random.nextInt(5)) {
                case 0 -> check.putObject("counts").put("bad", fuzzed.query()).put("total", fuzzed.query());
                case 1 -> {
                    check.putObject("latency").put("buckets", fuzzed.query());
                    check.put("slowerThan", "1s");
                }
                case 2 -> check.putObject("score").put("sum", fuzzed.query()).put("count", fuzzed.query());
                case 3 ->
                    check.put(
                            "query",
                            fuzzed.query() + " + 0 * " + MARK + "x".repeat(random.nextInt(4) == 0 ? 100_000 : 3_900));
                default -> check.put("query", fuzzed.query());
            }
        }
        return analysis;
    }

    private static ObjectNode perhapsSpoilt(Fuzzed fuzzed, Random random, ObjectNode object) {
        for (var i = random.nextInt(6); i < 3; i++) {
            fuzzed.spoil((ObjectNode) object.path("spec"), JSON.createObjectNode());
        }
        return object;
    }

    private static ObjectNode route(String place, Random random) {
        var route = object("gateway.networking.k8s.io/v1", "HTTPRoute", place);
        annotate(route, random);
        var spec = route.putObject("spec");
        spec.putArray("parentRefs").addObject().put("name", "gateway");
        var rules = spec.putArray("rules");
        for (var rule = 0; rule <= random.nextInt(16); rule++) {
            var refs = rules.addObject().putArray("backendRefs");
            for (var ref = 0; ref < 2 + random.nextInt(3); ref++) {
                refs.addObject()
                        .put("name", place + "-v" + (1 + ref % 3))
                        .put("port", 80)
                        .put("weight", random.nextInt(4) == 0 ? 1_000_000 : random.nextInt(101));
            }
        }
        return route;
    }

    private static ObjectNode deployment(String place, Random random) {
        var name = place + "-v" + (1 + random.nextInt(2));
        var deployment = object("apps/v1", "Deployment", name);
        annotate(deployment, random);
        var spec = deployment.putObject("spec").put("replicas", random.nextInt(4) == 0 ? 0 : random.nextInt(1 << 30));
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        var template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "model")
                .put("image", "i" + random.nextInt());
        return deployment;
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        var object = JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static void annotate(ObjectNode object, Random random) {
        var annotations = ((ObjectNode) object.path("metadata")).putObject("annotations");
        switch (random.nextInt(8)) {
            case 0 -> annotations.put("test.dev/large", SECRET + "x".repeat(200_000));
            case 1 -> {
                for (var i = 0; i < 2_000; i++) {
                    annotations.put("test.dev/version-" + i, SECRET + i);
                }
            }
            default -> annotations.put("modelrollout.dev/requested-by", SECRET + "\u001b[2J\u202e");
        }
    }

    private void put(String kind, ObjectNode object) {
        var path = kind.formatted(hostile);
        var one = path + "/" + object.at("/metadata/name").asText();
        try {
            var known = version(one);
            if (known.isMissingNode()) {
                server.client().raw(path, "POST", object.toString());
            } else {
                ((ObjectNode) object.path("metadata")).set("resourceVersion", known);
                server.client().raw(one, "PUT", object.toString());
            }
            stored.incrementAndGet();
        } catch (KubernetesClientException no) {
            refused.incrementAndGet();
        }
    }

    /** What is stored now; nothing when there is none. */
    private JsonNode version(String path) {
        try {
            return JSON.readTree(server.client().raw(path, "GET", null)).at("/metadata/resourceVersion");
        } catch (KubernetesClientException none) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on the API server takes any spec, as with a CRD that somebody has cut. */
    private void admitAnything() throws IOException {
        var crd = server.client()
                .getKubernetesSerialization()
                .unmarshal(Files.readString(CRD), CustomResourceDefinition.class);
        var root = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
        root.setXKubernetesValidations(List.of());
        var spec = requireNonNull(root.getProperties().get("spec"));
        spec.setProperties(Map.of());
        spec.setRequired(List.of());
        spec.setXKubernetesValidations(List.of());
        spec.setXKubernetesPreserveUnknownFields(true);
        spec.setType(null);
        server.client().resource(crd).forceConflicts().serverSideApply();
    }

    /** However bad they are, they go. */
    private void deleteRollouts() {
        rollouts().delete();
        await().atMost(Town.CEILING).until(() -> rollouts().list().getItems().isEmpty());
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            rollouts() {
        return server.client()
                .genericKubernetesResources("modelrollout.dev/v1alpha1", "ModelRollout")
                .inNamespace(hostile);
    }

    // What its Prometheus answers

    private static void answer(StubServer.Connection connection) throws IOException, InterruptedException {
        var request = connection.request();
        var digit = request.charAt(request.indexOf(MARK) + MARK.length()) - '0';
        var time = request.replaceAll("(?s).*[?&]time=([0-9.]+).*", "$1");
        var value = ",\"value\":[" + (time.length() < 20 ? time : "0") + ",\"0.1\"]}";
        switch (digit) {
            case 0 -> flood(connection);
            case 1 ->
                reply(200, vector("{\"metric\":{\"pod\":\"\\u0000\\u001b[2J\\u202e" + SECRET + "\"}" + value))
                        .answer(connection);
            case 2 -> reply(200, vector(many(value))).answer(connection);
            case 3 -> connection.pause(5_000);
            case 4 -> reply(200, SECRET).answer(connection);
            case 5 -> reply(400, SECRET).answer(connection);
            default ->
                reply(200, vector("{\"metric\":{\"le\":\"1.0\"}" + value)).answer(connection);
        }
    }

    private static String vector(String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    private static String many(String value) {
        var series = new StringBuilder();
        for (var i = 0; i < 2_000; i++) {
            series.append(i == 0 ? "" : ",")
                    .append("{\"metric\":{\"pod\":\"")
                    .append(SECRET)
                    .append(i)
                    .append("\"}")
                    .append(value);
        }
        return series.toString();
    }

    /** A gigabyte, if anybody takes it. */
    private static void flood(StubServer.Connection connection) throws IOException {
        connection.head(200, "Content-Length: " + 1024L * MIB);
        for (var written = 0; written < 1024; written++) {
            connection.write(" ".repeat(MIB));
        }
    }

    private static double usedMiB() {
        System.gc();
        var heap = Runtime.getRuntime();
        return (heap.totalMemory() - heap.freeMemory()) / (double) MIB;
    }
}
