package dev.modelrollout.demo;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * An API server without a cluster: Fabric8's mock in CRUD mode. It stores, watches, counts generations and keeps the
 * status apart; it knows no schema, no admission and no rights.
 */
final class EmbeddedApi implements AutoCloseable {

    private static final Path OWN_CRD = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");

    private final KubernetesMockServer server;
    private final KubernetesClient client;

    private EmbeddedApi(KubernetesMockServer server) {
        this.server = server;
        this.client = server.createClient();
    }

    /** Knows HTTPRoutes and ModelRollouts: without their CRDs it would count no generations. */
    static EmbeddedApi start() {
        var responses = new HashMap<ServerRequest, Queue<ServerResponse>>();
        var server = new KubernetesMockServer(
                new Context(), new MockWebServer(), responses, new RefusingDispatcher(responses), false);
        server.start(InetAddress.getLoopbackAddress(), 0);
        var api = new EmbeddedApi(server);
        api.client.resource(api.ownCrd()).create();
        api.client.resource(Manifests.routeCrd()).create();
        return api;
    }

    KubernetesClient client() {
        return client;
    }

    /** Writes how to reach it. */
    Path kubeconfig(Path file) {
        try {
            return Files.writeString(file, Manifests.kubeconfig("http://127.0.0.1:" + server.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
    }

    private CustomResourceDefinition ownCrd() {
        try {
            return client.getKubernetesSerialization()
                    .unmarshal(Files.readString(OWN_CRD), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The mock leaves a JSON Patch whose {@code test} fails unanswered; an API server says 422. */
    private static final class RefusingDispatcher extends Dispatcher {

        private final Dispatcher mock;

        private RefusingDispatcher(Map<ServerRequest, Queue<ServerResponse>> responses) {
            mock = new KubernetesMixedDispatcher(responses);
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            try {
                return mock.dispatch(request);
            } catch (JsonPatchException refused) {
                return new MockResponse().setResponseCode(422).setBody(Manifests.refusal(422));
            }
        }

        @Override
        public void shutdown() {
            mock.shutdown();
        }
    }
}
