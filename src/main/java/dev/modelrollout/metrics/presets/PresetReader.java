package dev.modelrollout.metrics.presets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Selector;
import dev.modelrollout.metrics.presets.Measure.Unit;
import dev.modelrollout.metrics.presets.Preset.View;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Makes a preset of a file. Each key is taken once; one that is left, or missing, is an error. */
final class PresetReader {

    private static final ObjectReader YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();

    private final String id;
    private final ObjectNode keys;

    private PresetReader(String id, ObjectNode keys) {
        this.id = id;
        this.keys = keys;
    }

    /** @throws IllegalArgumentException when this is no preset; the message says why */
    static Preset read(String id, String yaml) {
        try {
            if (YAML.readTree(yaml) instanceof ObjectNode keys) {
                return new PresetReader(id, keys).preset();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("preset " + id + ": " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("preset " + id + ": no keys");
    }

    private Preset preset() {
        var kind = text("kind");
        var measure = measure(kind);
        var preset = new Preset(
                id,
                text("title"),
                measure,
                measure.fold(counts -> flag("perPod"), latency -> flag("perPod"), gauge -> false),
                defaults(),
                one("view", View.values()),
                text("needs"),
                text("caveats"),
                text("source"));
        if (!keys.isEmpty()) {
            throw wrong("unknown for kind " + kind + ": " + new TreeSet<>(names(keys)));
        }
        return preset;
    }

    private Measure measure(String kind) {
        return switch (kind) {
            case "counts" -> new Measure.Counts(selector("bad"), selector("total"));
            case "latency" -> new Measure.Latency(selector("buckets"), one("unit", Unit.values()));
            case "gauge" -> new Measure.Gauge(text("query"), one("better", Better.values()));
            case "plain" -> new Measure.Gauge(text("query"), Better.LOWER);
            default -> throw wrong("unknown kind " + kind);
        };
    }

    private Selector selector(String key) {
        try {
            return new Selector(text(key));
        } catch (IllegalArgumentException e) {
            throw wrong(key + ": " + e.getMessage());
        }
    }

    private String text(String key) {
        var node = take(key);
        if (!node.isTextual() || node.asText().isBlank()) {
            throw wrong(key + " must be a text");
        }
        return node.asText();
    }

    private boolean flag(String key) {
        var node = take(key);
        if (!node.isBoolean()) {
            throw wrong(key + " must be true or false");
        }
        return node.asBoolean();
    }

    private Map<String, String> defaults() {
        var node = take("defaults");
        var defaults = new LinkedHashMap<String, String>();
        for (var limit : names(node)) {
            if (!node.path(limit).isTextual()) {
                throw wrong("defaults." + limit + " must be a text");
            }
            defaults.put(limit, node.path(limit).asText());
        }
        if (!node.isObject()) {
            throw wrong("defaults must be limits");
        }
        return defaults;
    }

    private <E extends Enum<E>> E one(String key, E[] known) {
        var text = text(key);
        return Arrays.stream(known)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(key + " is unknown: " + text));
    }

    private JsonNode take(String key) {
        var node = keys.remove(key);
        if (node == null) {
            throw wrong(key + " is missing");
        }
        return node;
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("preset " + id + ": " + what);
    }
}
