package dev.modelrollout.reconcile;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.Operator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a real API server in which the test plays kubelet, gateway and Prometheus, and the operator runs in
 * this process. A recorder keeps every weight that the route ever had.
 */
final class Town implements AutoCloseable {

    static final Duration CEILING = Duration.ofSeconds(30);

    private final ApiServer server;
    private final String namespace;
    private final Map<String, Double> values = new ConcurrentHashMap<>();
    private final Traffic traffic = new Traffic();
    private final List<Integer> weights = new CopyOnWriteArrayList<>();
    private final List<Duration> rollbacks = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> gone = new CopyOnWriteArrayList<>();
    private final ExecutorService hands = Executors.newSingleThreadExecutor();
    private final Watch gateway;
    private volatile @Nullable Blindness blindness;
    private volatile boolean gatewayIsAway;
    private volatile @Nullable String lost;
    private final AtomicReference<@Nullable Before> before = new AtomicReference<>();
    private volatile Instant newestTick = Instant.EPOCH;
    private @Nullable Operator operator;

    /** Two versions, v1 and v2, of two ready pods each, behind route {@code chat}, all weight on v1. */
    Town(ApiServer server) {
        this.server = server;
        server.install(Crds.all());
        namespace = server.newNamespace();
        pods("v1", 2);
        pods("v2", 2);
        // Slices of a Service come and go one by one; only one of these has pods that are ready.
        slice("chat-v1", "chat-v1-drained", false);
        slice("chat-v2", "chat-v2-empty");
        server.client().resource(route()).inNamespace(namespace).create();
        gateway = routes().withName("chat").watch(new GatewayAndRecorder());
    }

    /** Starts the operator, or another one after {@link #stopOperator()}. */
    Town startOperator() {
        return startOperator(source());
    }

    /** What the test measures. */
    MetricSource source() {
        return new MetricSource() {
            @Override
            public CompletableFuture<Answer> ask(Question question, Instant tick) {
                return CompletableFuture.completedFuture(answer(question, tick));
            }

            @Override
            public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
                return CompletableFuture.completedFuture(
                        ticks.stream().map(tick -> answer(question, tick)).toList());
            }
        };
    }

    /** The same with metrics from elsewhere, and maybe for more namespaces. */
    Town startOperator(MetricSource source, String... namespaces) {
        var config = Config.fromKubeconfig(server.kubeconfig());
        config.setRequestRetryBackoffLimit(1);
        var client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("requests", new RequestRecorder()))
                .build();
        var timer = new ScheduledThreadPoolExecutor(1);
        timer.setRemoveOnCancelPolicy(true);
        var reconciler = new ModelRolloutReconciler(
                wake -> new Readings(
                        Map.of("default", source), InstantSource.system(), timer, wake, (name, answer, took) -> {}),
                InstantSource.system(),
                new Listener(),
                namespace -> Duration.ZERO,
                new ModelRolloutReconciler.Instance("test"));
        var started = new Operator(overrider -> overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(true)
                .withUseSSAToPatchPrimaryResource(false)
                .checkingCRDAndValidateLocalModel(false));
        started.register(
                reconciler,
                overrider -> overrider
                        .settingNamespaces(Stream.concat(Stream.of(namespace), Stream.of(namespaces))
                                .collect(Collectors.toSet()))
                        .withTriggerReconcilerOnAllEvents(true));
        started.start();
        operator = started;
        return this;
    }

    void stopOperator() {
        if (operator != null) {
            operator.stop();
            operator = null;
        }
    }

    // What the test plays

    Answer answer(Question question, Instant tick) {
        var blind = blindness;
        if (blind != null) {
            return new Answer.Missing(tick, blind);
        }
        if (question.form() == Question.Form.COUNTERS) {
            newestTick = tick.isAfter(newestTick) ? tick : newestTick;
            return traffic.answer(question, tick);
        }
        var value = values.entrySet().stream()
                .filter(entry -> question.query().contains("chat-" + entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        return value.<Answer>map(number -> new Answer.Value(tick, number))
                .orElseGet(() -> new Answer.Missing(tick, Blindness.NO_DATA));
    }

    Town measures(String version, double value) {
        values.put(version, value);
        return this;
    }

    /** What questions about counters are answered from. */
    Traffic traffic() {
        return traffic;
    }

    void blind(@Nullable Blindness why) {
        blindness = why;
    }

    /** This many of two pods are ready. */
    void pods(String version, int ready) {
        var name = "chat-" + version;
        var deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("model")
                .withImage("model:" + version)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        var existing = deployments(version).get();
        if (existing == null) {
            deployments(version).create(deployment);
        }
        kubelet(version, ready);
    }

    private void kubelet(String version, int ready) {
        deployments(version)
                .editStatus(deployment -> new DeploymentBuilder(deployment)
                        .withNewStatus()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .withReplicas(2)
                        .withUpdatedReplicas(2)
                        .withReadyReplicas(ready)
                        .endStatus()
                        .build());
        endpoints(version, ready);
    }

    /** This many of two endpoints are ready, whatever the Deployment says. */
    void endpoints(String version, int ready) {
        slice("chat-" + version, "chat-" + version, ready > 1, ready > 0);
    }

    private void slice(String service, String name, Boolean... ready) {
        slice(
                service,
                name,
                Stream.of(ready)
                        .map(isReady -> new EndpointBuilder()
                                .withNewConditions()
                                .withReady(isReady)
                                .endConditions()));
    }

    private void slice(String service, String name, Stream<EndpointBuilder> endpoints) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(endpoints
                        .map(endpoint -> endpoint.withAddresses("10.0.0.1").build())
                        .toList())
                .build();
        set(server.client().resource(slice));
    }

    /** Its one endpoint does not say whether it is ready. */
    void silentEndpoint(String version) {
        slice("chat-" + version, "chat-" + version, Stream.of(new EndpointBuilder()));
    }

    /** A new pod template, whose pods are ready. */
    void release(String version, String image) {
        deployments(version)
                .edit(deployment -> new DeploymentBuilder(deployment)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage(image)
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        kubelet(version, 2);
    }

    /** The endpoints of its pods stay. */
    void deleteDeployment(String version) {
        deployments(version).delete();
        await().atMost(CEILING).until(() -> deployments(version).get() == null);
    }

    private Resource<Deployment> deployments(String version) {
        return server.client().apps().deployments().inNamespace(namespace).withName("chat-" + version);
    }

    /** The operator's requests whose body has this text reach nobody. */
    void loses(@Nullable String text) {
        lost = text;
    }

    /** Just before the operator's next request whose body has this text, something else happens. */
    void before(String text, Runnable happening) {
        before.set(new Before(text, happening));
    }

    /** What happens before the first request whose body has this text. */
    private record Before(String text, Runnable happening) {}

    /** Until it has sent so many of them. */
    void awaitRequests(String text, int count) {
        await().atMost(CEILING)
                .until(() -> requests.stream()
                                .filter(request -> request.contains(text))
                                .count()
                        >= count);
    }

    void gatewayGoesAway() {
        gatewayIsAway = true;
    }

    void gatewayReturns() {
        gatewayIsAway = false;
        Surroundings.serve(server.client(), routes().withName("chat").get());
    }

    /** Somebody else sets the weights. */
    void someoneSets(int v1, int v2) {
        var weight = "{\"op\": \"add\", \"path\": \"/spec/rules/0/backendRefs/%d/weight\", \"value\": %d}";
        routes().withName("chat")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[" + weight.formatted(0, v1) + "," + weight.formatted(1, v2) + "]");
    }

    /** Somebody else changes nothing that matters. */
    void annotateRoute() {
        routes().withName("chat")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"example.com/note\": \"none\"}}}");
    }

    void deleteRoute() {
        routes().withName("chat").delete();
        await().atMost(CEILING).until(() -> routes().withName("chat").get() == null);
    }

    void createRoute() {
        server.client().resource(route()).inNamespace(namespace).create();
    }

    // What the test does as a user

    /** Applies a rollout of this name whose spec has these fields beside route and versions. */
    void apply(String name, String... fields) {
        var yaml = new StringBuilder("apiVersion: modelrollout.dev/v1alpha1\nkind: ModelRollout\nmetadata: {name: ")
                .append(name)
                .append("}\nspec:\n  route: {name: chat}\n")
                .append("  versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}]\n");
        Stream.of(fields).forEach(field -> yaml.append("  ").append(field).append('\n'));
        set(server.client().resource(yaml.toString()));
    }

    /** The same for rollout {@code chat}, with a check of one second and short steps unless the fields say otherwise. */
    void applyChat(String target, String... fields) {
        var all = new ArrayList<>(List.of("target: " + target));
        all.addAll(List.of(fields));
        if (all.stream().noneMatch(field -> field.startsWith("steps") || field.startsWith("ramp"))) {
            all.add("steps: [{weight: 1, hold: 0s}, {weight: 10, hold: 0s}, {weight: 50, hold: 0s}]");
        }
        if (all.stream().noneMatch(field -> field.startsWith("analysis"))) {
            all.add("analysis: {interval: 1s, warmup: 0s, checks: [{name: errors,"
                    + " query: 'errors{deployment=\"$deployment\"}', max: \"0.05\", failures: 2}]}");
        }
        apply("chat", all.toArray(String[]::new));
    }

    /** Changes these fields of the spec of a rollout; JSON. */
    void edit(String name, String fields) {
        server.client()
                .resources(ModelRollout.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {" + fields + "}}");
    }

    /** By server-side apply, which cannot collide with what the operator writes meanwhile. */
    private void set(NamespaceableResource<?> wanted) {
        wanted.inNamespace(namespace).forceConflicts().serverSideApply();
    }

    ModelRollout rollout(String name) {
        return server.client()
                .resources(ModelRollout.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    void delete(String name) {
        server.client()
                .resources(ModelRollout.class)
                .inNamespace(namespace)
                .withName(name)
                .delete();
        await().atMost(CEILING).until(() -> rollout(name) == null);
    }

    KubernetesClient admin() {
        return server.client();
    }

    String namespace() {
        return namespace;
    }

    // What the test sees

    /** The status of rollout {@code chat} as soon as it is like this. */
    ModelRolloutStatus awaitStatus(Predicate<ModelRolloutStatus> like) {
        return awaitStatus("chat", like);
    }

    ModelRolloutStatus awaitStatus(String name, Predicate<ModelRolloutStatus> like) {
        return await().atMost(CEILING)
                .until(
                        () -> Optional.ofNullable(rollout(name)).map(ModelRollout::getStatus),
                        status -> status.filter(seen -> seen.conditions() != null)
                                .filter(like)
                                .isPresent())
                .orElseThrow();
    }

    ModelRolloutStatus awaitReason(String reason) {
        return awaitStatus(status -> reason.equals(reasonOf(status)));
    }

    static String reasonOf(ModelRolloutStatus status) {
        return condition(status, "Ready").getReason();
    }

    static Condition condition(ModelRolloutStatus status, String type) {
        return StatusReader.orEmpty(status.conditions()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    /** The candidate's weights as the route had them, one after the other, without repetition. */
    List<Integer> weights() {
        return List.copyOf(weights);
    }

    void awaitWeight(int weight) {
        await().atMost(CEILING).until(() -> weightNow() == weight);
    }

    /** Until counters were asked for that tick. */
    void awaitAnswers(Instant tick) {
        await().atMost(CEILING).until(() -> !newestTick.isBefore(tick));
    }

    /** One that tells of this action. */
    Event awaitEvent(String action) {
        return await().atMost(CEILING)
                .until(
                        () -> events().stream()
                                .filter(event -> event.getAction().equals(action))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    List<Event> events() {
        return server.client()
                .events()
                .v1()
                .events()
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    void awaitNoFinalizer() {
        await().atMost(CEILING).until(() -> rollout("chat").getFinalizers().isEmpty());
    }

    int weightNow() {
        return weightOf(routes().withName("chat").get());
    }

    private static int weightOf(GenericKubernetesResource route) {
        return ((Number) Objects.requireNonNull(refs(route).get(1).get("weight"))).intValue();
    }

    /** How long each rollback took, as the operator tells it. */
    List<Duration> rollbacks() {
        return List.copyOf(rollbacks);
    }

    /** The rollouts of which nothing is to be told any more. */
    List<String> gone() {
        return List.copyOf(gone);
    }

    /** The operator's requests since the last call, as METHOD PATH BODY; watches and lists left out. */
    List<String> requestsSince() {
        var seen = List.copyOf(requests);
        requests.clear();
        return seen;
    }

    private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
                    GenericKubernetesResource,
                    io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            routes() {
        return server.client()
                .genericKubernetesResources(dev.modelrollout.traffic.gatewayapi.HttpRouteRouter.API)
                .inNamespace(namespace);
    }

    private static GenericKubernetesResource route() {
        return new io.fabric8.kubernetes.client.utils.KubernetesSerialization()
                .unmarshal("""
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: chat}
                        spec:
                          parentRefs: [{name: gateway}]
                          rules:
                          - matches: [{path: {type: PathPrefix, value: /}}]
                            backendRefs: [{name: chat-v1, port: 80, weight: 1}, {name: chat-v2, port: 80, weight: 0}]
                        """, GenericKubernetesResource.class);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> refs(GenericKubernetesResource route) {
        return (List<Map<String, Object>>) (List<?>) route.<List<?>>get("spec", "rules", 0, "backendRefs");
    }

    @Override
    public void close() {
        stopOperator();
        gateway.close();
        hands.shutdown();
    }

    private final class GatewayAndRecorder implements Watcher<GenericKubernetesResource> {

        private long taken;

        @Override
        public void eventReceived(Action action, GenericKubernetesResource route) {
            if (action == Action.DELETED) {
                taken = 0;
                return;
            }
            if (route.getMetadata().getGeneration() == taken) {
                return;
            }
            taken = route.getMetadata().getGeneration();
            var weight = weightOf(route);
            if (weights.isEmpty() || weights.get(weights.size() - 1) != weight) {
                weights.add(weight);
                traffic.weighs(weight);
            }
            if (!gatewayIsAway) {
                hands.execute(() -> Surroundings.serve(server.client(), route));
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new AssertionError("the recorder has lost its watch", cause);
        }
    }

    /** What the operator asks of the API server. */
    private final class RequestRecorder implements Interceptor {

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            var uri = request.uri();
            if (uri.getQuery() == null || !uri.getQuery().contains("watch=true")) {
                var line = request.method() + " " + uri.getPath() + " " + request.bodyString();
                requests.add(line);
                var next = before.get();
                if (next != null && line.contains(next.text()) && before.compareAndSet(next, null)) {
                    next.happening().run();
                }
                var text = lost;
                if (text != null && line.contains(text)) {
                    builder.uri(URI.create("http://127.0.0.1:0/lost"));
                }
            }
        }
    }

    private final class Listener implements Telemetry {

        @Override
        public void shows(ModelRollout rollout, ModelRolloutStatus status) {}

        @Override
        public void moved(String from, String to, String reason) {}

        @Override
        public void rolledBack(Duration took) {
            rollbacks.add(took);
        }

        @Override
        public void gone(String namespace, String name) {
            gone.add(name);
        }
    }
}
