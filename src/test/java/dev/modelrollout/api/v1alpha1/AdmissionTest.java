package dev.modelrollout.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server refuses what makes no sense, and says what to write. */
@NeedsApiServer
class AdmissionTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String GOOD = """
            apiVersion: modelrollout.dev/v1alpha1
            kind: ModelRollout
            metadata: {name: chat}
            spec:
              route: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: chat, rule: completions}
              versions:
              - {name: v1, deployment: chat-v1}
              - {name: v2, deployment: chat-v2, backend: {kind: Service, name: chat-canary}}
              target: v2
              maxWeight: 30
              attempt: 2
              steps: [{weight: 1, hold: 0s}, {weight: 99, hold: 1d12h}]
              health: {minReady: 50%, grace: 0s, deadline: 30d}
              analysis:
                provider: default
                interval: 5m
                warmup: 1m30s
                checks:
                - {name: errors, query: 'e{pod=~"$pods"}', min: "-1", max: 2%, failures: 10}
                - {name: cost, query: 'c{v="$version"}', minDifference: "-0.1", maxDifference: "0.1"}
                - {name: share, counts: {bad: 'b{v="$version"}', total: 't{v="$version"}'}, max: 2%, worseThanStable: 10%}
                - {name: slow, latency: {buckets: 'd_bucket{v="$version"}', unit: ms}, slowerThan: 300ms, betterThanStable: 5%}
                - {name: first-token, preset: vllm/ttft, slowerThan: 2.5s, worseThanStable: 20%}
                - {name: grade, score: {sum: 's{v="$version"}', count: 'c{v="$version"}', squares: 'q{v="$version"}'}, min: "0.8", minDifference: "-0.02", better: Higher}
                - {name: quality, query: 'q{v="$version"}', better: Higher, worseThanStable: 5%, betterThanStable: 1%}
                - {name: gateway, query: 'g{c=~"$clusters"}', max: "1"}
              onFailure: Hold
              onBlind: Rollback
              maxBlind: 10m
              deadline: 24h
              onDeadline: Rollback
              paused: true
            """;

    private ApiServer server;
    private String namespace;

    @BeforeEach
    void install(ApiServer running) {
        server = running;
        server.install(List.of(CrdTest.CRD));
        namespace = server.newNamespace();
    }

    @Test
    void takes_every_field_and_changes_none() {
        var stored = resource(YAML.unmarshal(GOOD, JsonNode.class)).create();

        JsonNode sent = YAML.unmarshal(GOOD, JsonNode.class).get("spec");
        assertThat(YAML.convertValue(stored.get("spec"), JsonNode.class)).isEqualTo(sent);
        assertThat(stored.<Object>get("status", "observedGeneration")).isEqualTo(-1);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /target                        | v3        | target v3 is none of versions: add it to versions, or name one of them
            /target                        | ~         | spec.target
            /versions/1/deployment         | chat-v1   | two versions name the same deployment: give each version a Deployment of its own
            /versions/1/backend/name       | chat-v1   | two versions have the same backend
            /versions/1/backend/kind       | Pod       | Unsupported value: "Pod": supported values: "Service"
            /versions/1/name               | v1        | Duplicate value
            /versions/1/name               | V2        | spec.versions[1].name
            /versions                      | []        | spec.versions in body should have at least 1 items
            /steps/0/weight                | 99        | weights must rise from step to step
            /steps/0/weight                | 0         | should be greater than or equal to 1
            /steps/1/weight                | 100       | should be less than or equal to 99
            /steps/1/weight                | 99999999999 | should be less than or equal to 99
            /steps/1/hold                  | 31d       | spec.steps[1].hold
            /steps/1/hold                  | 29d24h    | spec.steps[1].hold
            /steps/1/hold                  | 721h      | must be at most 30d; write for example 30s, 5m, 24h or 1h30m
            /steps/1/hold                  | 1.5h      | spec.steps[1].hold
            /steps/1/hold                  | 90        | spec.steps[1].hold
            /steps/1/hold                  | ~         | spec.steps[1].hold
            /steps                         | []        | spec.steps in body should have at least 1 items
            /ramp                          | `{"mode": "Risk"}` | steps and ramp exclude each other: keep one of them
            /maxWeight                     | 101       | should be less than or equal to 100
            /maxWeight                     | -1        | should be greater than or equal to 0
            /maxWeight                     | `"30"`    | must be of type integer
            /attempt                       | 0         | should be greater than or equal to 1
            /health/minReady               | 101%      | spec.health.minReady
            /health/minReady               | 1         | spec.health.minReady
            /analysis/interval             | 0s        | must be from 1s to 5m; write for example 15s
            /analysis/interval             | 6m        | must be from 1s to 5m; write for example 15s
            /analysis/interval             | 500ms     | spec.analysis.interval
            /analysis/checks/0/query       | up        | names none of $version, $deployment, $service, $pods, $clusters: both versions would get the same answer
            /analysis/checks/0/query       | up{v="$versions"} | names none of $version, $deployment, $service, $pods, $clusters: both versions would get the same answer
            /analysis/checks/0/max         | high      | spec.analysis.checks[0].max
            /analysis/checks/0/max         | 0.02      | must be of type string
            /analysis/checks/0/min         | 3%        | check errors: min 3% is above max 2%: set min to at most max
            /analysis/checks/1/minDifference | `"0.2"` | check cost: minDifference 0.2 is above maxDifference 0.1
            /analysis/checks/0/failures    | 11        | should be less than or equal to 10
            /analysis/checks/0             | `{"name": "errors", "query": "$pods"}` | check errors has no limit: set max, min, maxDifference, minDifference, worseThanStable or betterThanStable
            /analysis/checks/1/name        | errors    | Duplicate value
            /analysis/checks/2/query       | `'q{v="$version"}'` | check share must have exactly one of query, counts, latency, score, preset
            /analysis/checks/2             | `{"name": "share", "counts": {"bad": "$pods", "total": "$pods"}}` | check share has no limit: set max, worseThanStable or betterThanStable
            /analysis/checks/2/counts      | ~         | check share must have exactly one of query, counts, latency, score, preset
            /analysis/checks/2/counts/bad  | up        | names none of $version, $deployment, $service, $pods, $clusters: both versions would get the same answer
            /analysis/checks/2/counts/total | ~        | spec.analysis.checks[2].counts.total
            /analysis/checks/2/min         | `"0"`     | check share: min, minDifference and maxDifference belong to query and score
            /analysis/checks/2/failures    | 3         | check share: failures belongs to query
            /analysis/checks/2/slowerThan  | 2s        | check share: latency and slowerThan go together
            /analysis/checks/3/slowerThan  | ~         | check slow: latency and slowerThan go together
            /analysis/checks/3/slowerThan  | 5m        | spec.analysis.checks[3].slowerThan
            /analysis/checks/3/latency/unit | m        | supported values: "ms", "s", "us"
            /analysis/checks/3/betterThanStable | 100% | must be below 100%: nothing can be better than stable by all of its value
            /analysis/checks/4/preset      | vllm      | spec.analysis.checks[4].preset
            /analysis/checks/4/counts      | `{"bad": "$pods", "total": "$pods"}` | check first-token must have exactly one of
            /analysis/checks/3/betterThanStable | "-1" | spec.analysis.checks[3].betterThanStable
            /analysis/checks/1/better      | Lower     | check cost: better belongs to score, and to query with worseThanStable or betterThanStable
            /analysis/checks/2/better      | Lower     | check share: better belongs to score
            /analysis/checks/5/better      | Lower     | check grade: a score is better Higher, limited by min and minDifference, or Lower, limited by max and maxDifference
            /analysis/checks/5/max         | 90%       | check grade: a score is better Higher
            /analysis/checks/5/minDifference | 2%      | check grade: the difference of a score says how much worse it may be
            /analysis/checks/5/failures    | 2         | check grade: failures belongs to query
            /analysis/checks/5/score/sum   | up        | names none of $version, $deployment, $service, $pods, $clusters
            /analysis/checks/5/score/count | ~         | spec.analysis.checks[5].score.count
            /analysis/checks/5             | `{"name": "grade", "score": {"sum": "$pods", "count": "$pods"}}` | check grade has no limit: set max, min, maxDifference, minDifference, worseThanStable or betterThanStable
            /analysis/checks/6/better      | Up        | supported values: "Higher", "Lower"
            /analysis/checks/6/failures    | 2         | check quality: failures belongs to query with max, min, maxDifference or minDifference
            /onFailure                     | Panic     | supported values: "Hold", "Rollback"
            /onBlind                       | Ignore    | supported values: "Hold", "Rollback"
            /route/name                    | ~         | spec.route.name
            /route/name                    | ../other  | spec.route.name
            """)
    void refuses_and_names_field_and_remedy(String path, String value, String said) {
        var document = changed(path, value);

        assertThatThrownBy(() -> resource(document).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                    | spec.ramp.mode
            {mode: Fast}                                          | supported values: "Adaptive", "Risk"
            {mode: Risk, by: errors}                              | every, step, by and threshold belong to mode Adaptive
            {mode: Risk, risk: -1%}                               | spec.ramp.risk
            {mode: Risk, risk: 0%}                                | must be above 0 and at most 100%
            {mode: Risk, risk: "0.000"}                           | must be above 0 and at most 100%
            {mode: Risk, risk: 100.1%}                            | must be above 0 and at most 100%
            {mode: Risk, risk: "1.5"}                             | must be above 0 and at most 100%
            {mode: Adaptive, every: 5m, step: 5, by: errors}      | mode Adaptive needs every, step, by and threshold
            {mode: Adaptive, every: 5m, step: 5, by: errors, threshold: 0%, risk: 1%} | and has no risk
            {mode: Adaptive, every: 5m, step: 5, by: nobody, threshold: 0%} | ramp.by nobody is none of analysis.checks
            {mode: Adaptive, every: 31d, step: 5, by: errors, threshold: 0%} | spec.ramp.every
            {mode: Adaptive, every: 5m, step: 100, by: errors, threshold: 0%} | should be less than or equal to 99
            {mode: Adaptive, every: 5m, step: 5, by: errors, threshold: much} | spec.ramp.threshold
            """)
    void refuses_a_ramp_that_cannot_be(String ramp, String said) {
        var document = changed("/steps", "~");
        ((ObjectNode) document.get("spec")).set("ramp", ramp(ramp));

        assertThatThrownBy(() -> resource(document).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{mode: Risk}",
                "{mode: Risk, risk: 0.5%}",
                "{mode: Adaptive, every: 5m, step: 5, by: errors, threshold: '-0.2%'}"
            })
    void takes_a_ramp_instead_of_steps(String ramp) {
        var document = changed("/steps", "~");
        ((ObjectNode) document.get("spec")).set("ramp", ramp(ramp));

        var stored = resource(document).create();

        assertThat(YAML.convertValue(stored.get("spec", "ramp"), JsonNode.class))
                .isEqualTo(ramp(ramp));
    }

    @Test
    void the_live_version_cannot_leave() {
        var rollout = resource(YAML.unmarshal(GOOD, JsonNode.class)).create();
        rollout.setAdditionalProperty("status", Map.of("live", "v1"));
        server.client().resource(rollout).updateStatus();
        var without = changed("/versions/0/name", "v0");

        assertThatThrownBy(() -> resource(without).patch())
                .hasMessageContaining("v1 serves traffic: keep it in spec.versions until another version is live");
    }

    @Test
    void the_route_stays_while_it_is_split() {
        var rollout = resource(YAML.unmarshal(GOOD, JsonNode.class)).create();
        var elsewhere = changed("/route/name", "elsewhere");
        show(rollout, 90, 10);

        assertThatThrownBy(() -> resource(elsewhere).patch()).hasMessageContaining("traffic is split on this route");
        show(rollout, 100, 0);
        assertThat(resource(elsewhere).patch().<String>get("spec", "route", "name"))
                .isEqualTo("elsewhere");
    }

    private void show(GenericKubernetesResource rollout, int live, int candidate) {
        var weights = List.of(Map.of("version", "v1", "weight", live), Map.of("version", "v2", "weight", candidate));
        rollout.setAdditionalProperty("status", Map.of("weights", weights));
        rollout.getMetadata().setResourceVersion(null);
        server.client().resource(rollout).updateStatus();
    }

    private static JsonNode ramp(String ramp) {
        return YAML.unmarshal("ramp: " + ramp, JsonNode.class).get("ramp");
    }

    private Resource<GenericKubernetesResource> resource(JsonNode document) {
        return server.client()
                .resource(YAML.convertValue(document, GenericKubernetesResource.class))
                .inNamespace(namespace);
    }

    /** The good one with this field set so; {@code ~} takes it away. */
    private static JsonNode changed(String path, String value) {
        var document = YAML.unmarshal(GOOD, JsonNode.class);
        var parent = document.get("spec").at(path.substring(0, path.lastIndexOf('/')));
        var field = path.substring(path.lastIndexOf('/') + 1);
        var node = YAML.unmarshal(value, JsonNode.class);
        if (parent instanceof ObjectNode object) {
            if (value.equals("~")) {
                object.remove(field);
            } else {
                object.set(field, node);
            }
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(field), node);
        }
        return document;
    }
}
