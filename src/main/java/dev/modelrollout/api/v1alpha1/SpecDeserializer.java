package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.generator.annotation.Required;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Reads any spec: one that does not fit becomes {@link ModelRolloutSpec#unreadable}, naming the field. An exception
 * here would stop the watch for the objects of everyone.
 */
final class SpecDeserializer extends StdDeserializer<ModelRolloutSpec> {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper STRICT = strict().addMixIn(ModelRolloutSpec.class, AsDeclared.class);

    /** Refuses what the types could not hold: a required field that is missing, a null in a list. */
    static ObjectMapper strict() {
        return new ObjectMapper()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public JsonSetter.Value findSetterInfo(Annotated field) {
                        return JsonSetter.Value.construct(
                                field.hasAnnotation(Required.class) ? Nulls.FAIL : Nulls.SET, Nulls.FAIL);
                    }
                });
    }

    @JsonDeserialize
    private interface AsDeclared {}

    SpecDeserializer() {
        super(ModelRolloutSpec.class);
    }

    @Override
    public ModelRolloutSpec deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var tree = context.readTree(parser);
        try {
            return STRICT.treeToValue(tree, ModelRolloutSpec.class);
        } catch (JsonMappingException e) {
            var path = e.getPath().stream()
                    .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : "." + at.getFieldName())
                    .collect(Collectors.joining());
            return ModelRolloutSpec.unreadable("spec" + path);
        } catch (JsonProcessingException e) {
            return ModelRolloutSpec.unreadable("spec");
        }
    }
}
