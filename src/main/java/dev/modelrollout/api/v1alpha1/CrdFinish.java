package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** While building only: what annotations cannot say about the CRD. */
public final class CrdFinish implements CRDPostProcessor {

    private static final List<String> COLUMNS = List.of("TARGET", "LIVE", "WEIGHT", "STEP", "STATUS", "AGE", "MESSAGE");
    private static final int LIST_LIMIT = 50;
    private static final int TEXT_LIMIT = 4096;

    @Override
    public HasMetadata process(HasMetadata generated, String crdVersion) {
        if (generated instanceof CustomResourceDefinition crd) {
            crd.getSpec().getNames().setCategories(List.of("all"));
            crd.getSpec().getVersions().forEach(CrdFinish::finish);
        }
        return generated;
    }

    private static void finish(CustomResourceDefinitionVersion version) {
        var columns = new ArrayList<>(version.getAdditionalPrinterColumns());
        columns.sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
        version.setAdditionalPrinterColumns(columns);
        var schema = version.getSchema().getOpenAPIV3Schema();
        schema.setDescription("The versions of a model behind a route, and the one that should serve: the operator"
                + " moves the route's weights to it step by step, and back when it is bad.");
        property(schema, "spec").setDescription("What is wanted; the operator writes nothing here.");
        property(schema, "status").setDescription("What is so, as the operator has seen and written it last.");
        eachRuleOnce(schema);
        property(schema, "spec").getProperties().remove("unreadable");
        listMap(property(schema, "spec", "versions"), "name");
        listMap(property(schema, "spec", "analysis", "checks"), "name");
        var status = property(schema, "status");
        status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        bound(status);
        listMap(property(status, "conditions"), "type");
        property(status, "conditions")
                .getItems()
                .getSchema()
                .setRequired(List.of("type", "status", "lastTransitionTime", "reason"));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String... path) {
        var at = schema;
        for (var name : path) {
            at = Objects.requireNonNull(at.getProperties().get(name), "the schema has no " + name);
        }
        return at;
    }

    private static void listMap(JSONSchemaProps list, String key) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
    }

    /** The generator takes a record component's rules twice, from its field and from its accessor. */
    private static void eachRuleOnce(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(CrdFinish::eachRuleOnce);
        }
        if (schema.getItems() != null) {
            eachRuleOnce(schema.getItems().getSchema());
        }
    }

    /** Every list and text of the status has an end, so that rules about it have a cost. */
    private static void bound(JSONSchemaProps schema) {
        if ("array".equals(schema.getType())) {
            schema.setMaxItems((long) LIST_LIMIT);
            bound(schema.getItems().getSchema());
        } else if ("string".equals(schema.getType())) {
            schema.setMaxLength((long) TEXT_LIMIT);
        } else if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(CrdFinish::bound);
        }
    }
}
