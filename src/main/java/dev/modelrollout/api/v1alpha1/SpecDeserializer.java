package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Reads any spec: one that does not fit becomes {@link ModelRolloutSpec#unreadable}, naming the field. An exception
 * here would stop the watch for the objects of everyone.
 */
final class SpecDeserializer extends StdDeserializer<ModelRolloutSpec> {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper STRICT = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(ModelRolloutSpec.class, AsDeclared.class);

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
