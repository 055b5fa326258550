package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads any status: one that does not fit counts as lost, which costs time, never safety. */
final class StatusDeserializer extends StdDeserializer<ModelRolloutStatus> {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper STRICT =
            SpecDeserializer.strict().addMixIn(ModelRolloutStatus.class, AsDeclared.class);

    @JsonDeserialize
    private interface AsDeclared {}

    StatusDeserializer() {
        super(ModelRolloutStatus.class);
    }

    @Override
    public @Nullable ModelRolloutStatus deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        var tree = context.readTree(parser);
        try {
            return STRICT.treeToValue(tree, ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
