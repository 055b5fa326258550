package dev.modelrollout.docs;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page that a CRD's schema gives: one table for each object in it. */
final class Reference {

    private static final int SHORT = 40;

    private final StringBuilder page = new StringBuilder();
    private final List<String> forms = new ArrayList<>();

    private Reference() {}

    static String of(Path schema) throws IOException {
        var crd = new KubernetesSerialization().unmarshal(Files.readString(schema), CustomResourceDefinition.class);
        var reference = new Reference();
        crd.getSpec().getVersions().forEach(version -> reference.version(crd, version));
        return reference.page.toString();
    }

    private void version(CustomResourceDefinition crd, CustomResourceDefinitionVersion version) {
        var schema = version.getSchema().getOpenAPIV3Schema();
        var names = crd.getSpec().getNames();
        line("# " + names.getKind() + ", " + crd.getSpec().getGroup() + "/" + version.getName());
        line("");
        line("Generated from `crds/`: change the records in `src/main/java`, not this page.");
        line("`kubectl explain " + names.getPlural() + ".spec` says the same.");
        line("");
        line(schema.getDescription());
        line("");
        line("Scope: " + crd.getSpec().getScope() + ". Short name: `" + String.join("`, `", names.getShortNames())
                + "`.");
        refusals(schema);
        Stream.of("spec", "status").forEach(part -> object(part, property(schema, part)));
        line("");
        line("## Forms");
        line("");
        forms.forEach(form -> line((forms.indexOf(form) + 1) + ". `" + form + "`"));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        var property = schema.getProperties().get(name);
        if (property == null) {
            throw new AssertionError("the schema has no " + name);
        }
        return property;
    }

    private void object(String path, JSONSchemaProps schema) {
        line("");
        line("## " + path);
        line("");
        if (schema.getDescription() != null) {
            line(schema.getDescription());
            line("");
        }
        line("| field | type | |");
        line("|---|---|---|");
        schema.getProperties()
                .forEach((name, property) -> line("| `" + name + "`"
                        + (orEmpty(schema.getRequired()).contains(name) ? " (required)" : "")
                        + " | " + type(path + "." + name, property) + " | " + about(property) + " |"));
        refusals(schema);
        objectsIn(path, schema).forEach(this::object);
    }

    private static Map<String, JSONSchemaProps> objectsIn(String path, JSONSchemaProps schema) {
        var objects = new LinkedHashMap<String, JSONSchemaProps>();
        schema.getProperties().forEach((name, property) -> {
            if (isList(property)) {
                objects.put(path + "." + name + "[]", property.getItems().getSchema());
            } else if ("object".equals(property.getType())) {
                objects.put(path + "." + name, property);
            }
        });
        return objects;
    }

    private static boolean isList(JSONSchemaProps schema) {
        return "array".equals(schema.getType());
    }

    private String type(String path, JSONSchemaProps schema) {
        var type = Stream.concat(Stream.of(plainType(path, schema)), bounds(schema).stream())
                .collect(Collectors.joining(", "));
        return escaped(type);
    }

    private static String plainType(String path, JSONSchemaProps schema) {
        if (isList(schema)) {
            return "list of [" + path + "[]](#" + anchor(path) + ")";
        }
        if ("object".equals(schema.getType())) {
            return "[" + path + "](#" + anchor(path) + ")";
        }
        return orEmpty(schema.getEnum()).isEmpty()
                ? schema.getType()
                : schema.getEnum().stream()
                        .map(value -> "`" + value.asText() + "`")
                        .collect(Collectors.joining(" or "));
    }

    private static String anchor(String path) {
        return path.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "");
    }

    private static String about(JSONSchemaProps schema) {
        var about = new StringJoiner(" ");
        if (schema.getDescription() != null) {
            about.add(schema.getDescription());
        }
        rules(schema).map(Reference::refusal).forEach(refusal -> about.add("Refused: " + refusal + "."));
        return escaped(about.toString());
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|");
    }

    private List<String> bounds(JSONSchemaProps schema) {
        var bounds = new ArrayList<String>();
        range(schema.getMinimum(), schema.getMaximum(), "").ifPresent(bounds::add);
        range(schema.getMinItems(), schema.getMaxItems(), " items").ifPresent(bounds::add);
        if (schema.getPattern() != null) {
            range(schema.getMinLength(), schema.getMaxLength(), " characters").ifPresent(bounds::add);
            bounds.add("form " + form(schema.getPattern()));
        }
        orEmpty(schema.getXKubernetesListMapKeys()).forEach(key -> bounds.add("unique by `" + key + "`"));
        return bounds;
    }

    /** A pattern, or where it stands once if it is long. */
    private String form(String pattern) {
        if (pattern.length() <= SHORT) {
            return "`" + pattern + "`";
        }
        if (!forms.contains(pattern)) {
            forms.add(pattern);
        }
        return "[" + (forms.indexOf(pattern) + 1) + "](#forms)";
    }

    private static Optional<String> range(@Nullable Number min, @Nullable Number max, String unit) {
        if (max == null) {
            return min == null ? Optional.empty() : Optional.of("at least " + min.longValue() + unit);
        }
        return Optional.of((min == null ? "at most " : min.longValue() + " to ") + max.longValue() + unit);
    }

    private void refusals(JSONSchemaProps schema) {
        var refusals = rules(schema).map(Reference::refusal).toList();
        if (!refusals.isEmpty()) {
            line("");
            line("Refused by the API server:");
            line("");
            refusals.forEach(refusal -> line("- " + refusal));
        }
    }

    private static Stream<ValidationRule> rules(JSONSchemaProps schema) {
        return orEmpty(schema.getXKubernetesValidations()).stream();
    }

    /** What the API server answers; for a computed message its expression, made readable. */
    private static String refusal(ValidationRule rule) {
        return rule.getMessage() != null ? rule.getMessage() : readable(rule.getMessageExpression());
    }

    /** {@code 'check ' + self.name + ' has no limit'} becomes {@code check NAME has no limit}. */
    private static String readable(String expression) {
        return Stream.of(expression.split(" \\+ ", -1))
                .map(part -> part.startsWith("'")
                        ? part.substring(1, part.length() - 1)
                        : part.substring(part.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
