package dev.modelrollout.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Values that a schema admits, and what is made of them: the same of the same chance. */
final class Fuzzed {

    private static final JsonNodeFactory JSON = new ObjectMapper().getNodeFactory();

    /** For every pattern of the schema there is one that it admits. */
    private static final List<String> TEXTS = List.of(
            "v1",
            "v2",
            "v3",
            "chat",
            "default",
            "a/b",
            "vllm/errors",
            "vllm/ttft",
            "triton/errors",
            "kube/oom",
            "HTTPRoute",
            "GRPCRoute",
            "gateway.networking.k8s.io",
            "0s",
            "1s",
            "5s",
            "90s",
            "1m",
            "59m59s",
            "1h30m",
            "29d23h59m59s",
            "30d",
            "0%",
            "1%",
            "10%",
            "99%",
            "100%",
            "0",
            "1",
            "0.5",
            "-1",
            "-0.000000000001",
            "999999999999.999999999999",
            "999999",
            "0.000000000001%",
            "300ms",
            "2.5s",
            "1us",
            "999999999.999999999s");

    private static final List<String> HOSTILE_TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "\u001b[2J",
            "a\r\nb",
            "\u202egnp.exe",
            "\ud83e\udd16",
            "\ufeff",
            "${jndi:x}",
            "%s%n{0}",
            "../../x",
            "x\"} or vector(1) #",
            "$namespace",
            "$",
            "NaN",
            "1e400",
            "-0",
            "\u0661\u0662",
            "5m ",
            "null",
            "'; --",
            "{{.}}",
            "\u2028");

    private final Random random;
    private final String mark;

    /**
     * Of this chance.
     *
     * @param mark each query begins with it
     */
    Fuzzed(Random random, String mark) {
        this.random = random;
        this.mark = mark;
    }

    /** What the schema admits, but for rules between fields. */
    JsonNode valid(JsonNode schema) {
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "integer" -> integer(schema);
            case "boolean" -> BooleanNode.valueOf(random.nextBoolean());
            case "string" -> TextNode.valueOf(text(schema));
            default -> NullNode.instance;
        };
    }

    private JsonNode object(JsonNode schema) {
        var object = JSON.objectNode();
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").fields().forEachRemaining(field -> {
            if (required.contains(field.getKey()) || random.nextInt(3) == 0) {
                object.set(field.getKey(), valid(field.getValue()));
            }
        });
        return object;
    }

    private JsonNode array(JsonNode schema) {
        var most = schema.path("maxItems").asInt(5);
        var size = random.nextInt(8) == 0 ? most : schema.path("minItems").asInt(0) + random.nextInt(3);
        var array = JSON.arrayNode();
        for (var i = 0; i < Math.min(size, most); i++) {
            array.add(valid(schema.path("items")));
        }
        return array;
    }

    private JsonNode integer(JsonNode schema) {
        var least = schema.path("minimum").asLong(0);
        var most = schema.path("maximum").asLong(Integer.MAX_VALUE);
        return LongNode.valueOf(
                switch (random.nextInt(4)) {
                    case 0 -> least;
                    case 1 -> most;
                    default -> least + (long) (random.nextDouble() * (most - least + 1));
                });
    }

    private String text(JsonNode schema) {
        if (schema.has("enum")) {
            return one(schema.path("enum")).asText();
        }
        var pattern = Pattern.compile(schema.path("pattern").asText(".*"));
        var fits =
                TEXTS.stream().filter(text -> pattern.matcher(text).matches()).toList();
        return schema.has("pattern") ? fits.get(random.nextInt(fits.size())) : query();
    }

    /** One of which the server knows something strange. */
    String query() {
        return mark + random.nextInt(12) + "{n=\"$namespace\",v=\"" + (random.nextBoolean() ? "$version" : "$pods")
                + "\"}";
    }

    /** Replaces a value in it by another one that the schema does not admit, or hardly. */
    void spoil(ObjectNode object, JsonNode schema) {
        var parents = new ArrayList<ContainerNode<?>>();
        collect(object, parents);
        var parent = parents.get(random.nextInt(parents.size()));
        if (parent instanceof ObjectNode fields) {
            var names = new ArrayList<String>();
            fields.fieldNames().forEachRemaining(names::add);
            names.add("extra");
            var name = names.get(random.nextInt(names.size()));
            if (random.nextInt(6) == 0) {
                fields.remove(name);
            } else {
                fields.set(
                        name,
                        hostile(fields.get(name), schema.path("properties").path(name)));
            }
        } else if (parent instanceof ArrayNode items && !items.isEmpty()) {
            var at = random.nextInt(items.size());
            items.insert(at, random.nextBoolean() ? items.get(at).deepCopy() : hostile(items.get(at), schema));
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> found) {
        if (node instanceof ContainerNode<?> container) {
            found.add(container);
            container.forEach(child -> collect(child, found));
        }
    }

    private JsonNode hostile(JsonNode before, JsonNode schema) {
        return switch (random.nextInt(12)) {
            case 0 -> NullNode.instance;
            case 1 -> TextNode.valueOf(HOSTILE_TEXTS.get(random.nextInt(HOSTILE_TEXTS.size())));
            case 2 -> TextNode.valueOf("x".repeat(1 << random.nextInt(17)));
            case 3 -> LongNode.valueOf(random.nextBoolean() ? Long.MAX_VALUE : -1 - random.nextInt(3));
            case 4 -> BigIntegerNode.valueOf(BigInteger.TEN.pow(40));
            case 5 -> DoubleNode.valueOf(random.nextBoolean() ? 5.5 : 1e300);
            case 6 -> JSON.arrayNode().add(before);
            case 7 -> JSON.objectNode().set("x", before);
            case 8 -> BooleanNode.TRUE;
            case 9 -> LongNode.valueOf(schema.path("maximum").asLong(100) + 1);
            case 10 -> TextNode.valueOf(TEXTS.get(random.nextInt(TEXTS.size())));
            default -> nested(1 + random.nextInt(200));
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode nest = JSON.objectNode();
        for (var i = 0; i < depth; i++) {
            nest = JSON.arrayNode().add(nest);
        }
        return nest;
    }

    private JsonNode one(JsonNode array) {
        return array.get(random.nextInt(array.size()));
    }
}
