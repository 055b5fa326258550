package dev.modelrollout.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the schema admits, the types can hold: one object must never stop the informer for all. */
class SchemaTest {

    private static final int SPECIMENS = 2000;
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    /** For each pattern values at its edges; a new pattern needs some. */
    private static final Map<String, List<String>> EXAMPLES = Map.of(
            Names.LABEL,
            List.of("a", "0", "a-b", "x".repeat(63)),
            Names.SUBDOMAIN,
            List.of("a", "0.a", "a-b.c-d.e", "x".repeat(253)),
            Names.NUMBER,
            List.of("0", "-0", "1%", "-0.000000000001%", "999999999999.999999999999", "-999999999999%"),
            Names.DURATION,
            List.of("0s", "30d", "29d23h59m59s", "999h99999m9999999s", "9999999s", "1h30m", "00000m"),
            "^([0-9]{1,2}m)?([0-9]{1,3}s)?$",
            List.of("1s", "5m", "99m999s", "00m00s", "999s"),
            Names.MARGIN,
            List.of("0", "0%", "10%", "999999.999999999999%"),
            Names.PRESET,
            List.of("a/b", "vllm/errors", "x".repeat(63) + "/" + "x".repeat(63)),
            Names.QUANTITY_OF_TIME,
            List.of("0s", "2.5s", "300ms", "999999999.999999999us"),
            "^[A-Za-z]([A-Za-z0-9]*)$",
            List.of("A", "HTTPRoute", "x" + "9".repeat(62)),
            "^(100|[1-9]?[0-9])%$",
            List.of("0%", "9%", "99%", "100%"));

    private final JsonNode schema = schema();

    private static JsonNode schema() {
        try {
            return new ObjectMapper(new YAMLFactory())
                    .readTree(CrdTest.CRD.toFile())
                    .at("/spec/versions/0/schema/openAPIV3Schema/properties");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As an operator sees them that is older than the CRD. */
    @Test
    void fields_that_came_later_lose_nothing() {
        var rollout = JSON.unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                spec: {route: {name: chat, later: 1}, target: v1, versions: [], later: 1}
                status:
                  live: v1
                  later: 1
                  failedRevisions:
                  - {revision: a, candidate: v2, reason: CheckFailed, message: bad, at: now, later: 1}
                """, ModelRollout.class);

        assertThat(rollout.getSpec().unreadable()).isNull();
        assertThat(rollout.getStatus()).isNotNull().satisfies(status -> {
            assertThat(status.live()).isEqualTo("v1");
            assertThat(status.failedRevisions()).hasSize(1);
        });
    }

    @Test
    void all_that_it_admits_can_be_read() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var i = 0; i < SPECIMENS; i++) {
            var document = JSON.asJson(Map.of(
                    "apiVersion",
                    "modelrollout.dev/v1alpha1",
                    "kind",
                    "ModelRollout",
                    "spec",
                    specimen(schema.get("spec"), random),
                    "status",
                    specimen(schema.get("status"), random)));
            assertThatCode(() -> assertThat(JSON.unmarshal(document, ModelRollout.class)
                                    .getSpec()
                                    .unreadable())
                            .isNull())
                    .as("seed %d, specimen %d: %s", seed, i, document)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void every_list_every_text_and_every_number_of_the_spec_has_a_bound() {
        assertThat(unbounded("spec", schema.get("spec"))).isEmpty();
    }

    /** As an older schema may have let them in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{route: {name: chat}, versions: [], target: v1, maxWeight: 99999999999999}",
                "{route: {name: chat}, versions: [], target: v1, onFailure: Explode}",
                "{route: chat, versions: [], target: v1}",
                "{route: {name: chat}, versions: {name: v1}, target: v1}",
                "{route: {name: chat}, versions: [], target: {a: b}}",
                "{}",
                "{route: {}, versions: [], target: v1}",
                "{route: {name: chat}, versions: [null], target: v1}",
                "{route: {name: chat}, versions: [{name: v1}], target: v1}",
                "{route: {name: chat}, versions: [], target: null}",
                "[]",
                "text"
            })
    void what_no_type_can_hold_is_unreadable_and_says_so(String spec) {
        var rollout = JSON.unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: odd}
                status: {weights: nonsense}
                spec: %s
                """.formatted(spec), ModelRollout.class);

        assertThat(rollout.getSpec().unreadable()).isNotBlank();
    }

    @Test
    void the_field_that_no_type_can_hold_is_named() {
        var rollout = JSON.unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: odd}
                spec: {route: {name: chat}, target: v1, versions: [], steps: [{weight: 1, hold: 0s}, {weight: many, hold: 0s}]}
                """, ModelRollout.class);

        assertThat(rollout.getSpec().unreadable()).isEqualTo("spec.steps[1].weight");
    }

    private static Object specimen(JsonNode schema, Random random) {
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, random);
            case "array" ->
                Stream.generate(() -> specimen(schema.get("items"), random))
                        .limit(oneOf(random, List.of(schema.path("minItems").asInt(0), 2)))
                        .toList();
            case "integer" ->
                oneOf(
                        random,
                        List.of(
                                schema.path("minimum").asLong(Integer.MIN_VALUE),
                                schema.path("maximum").asLong(Integer.MAX_VALUE)));
            case "boolean" -> random.nextBoolean();
            case "string" -> text(schema, random);
            default -> throw new AssertionError("no specimen for " + schema);
        };
    }

    private static Map<String, Object> object(JsonNode schema, Random random) {
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        var object = new LinkedHashMap<String, Object>();
        schema.path("properties").properties().forEach(property -> {
            if (required.contains(property.getKey()) || random.nextBoolean()) {
                object.put(property.getKey(), specimen(property.getValue(), random));
            }
        });
        return object;
    }

    private static String text(JsonNode schema, Random random) {
        if (schema.has("enum")) {
            var values = new ArrayList<String>();
            schema.get("enum").forEach(value -> values.add(value.asText()));
            return oneOf(random, values);
        }
        if (!schema.has("pattern")) {
            return oneOf(
                    random,
                    List.of(
                            "",
                            "ü\uD83D\uDE80\n\"",
                            "x".repeat(schema.get("maxLength").asInt())));
        }
        var pattern = schema.get("pattern").asText();
        return oneOf(
                random,
                EXAMPLES.getOrDefault(pattern, List.of()).stream()
                        .filter(text -> text.length() <= schema.get("maxLength").asInt())
                        .peek(text -> assertThat(text).matches(pattern))
                        .toList());
    }

    private static <T> T oneOf(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static List<String> unbounded(String path, JsonNode schema) {
        var found = new ArrayList<String>();
        var bounded = switch (schema.path("type").asText()) {
            case "array" -> schema.has("maxItems");
            case "integer" -> schema.has("minimum") && schema.has("maximum");
            case "string" -> schema.has("enum") || schema.has("maxLength");
            default -> true;
        };
        if (!bounded) {
            found.add(path);
        }
        schema.path("properties")
                .properties()
                .forEach(property -> found.addAll(unbounded(path + "." + property.getKey(), property.getValue())));
        if (schema.has("items")) {
            found.addAll(unbounded(path + "[]", schema.get("items")));
        }
        return found;
    }
}
