package dev.modelrollout.reconcile;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.Executable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Evidence as a short text: a record is the list of its components, a number has all its digits. */
final class WindowsText {

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public JsonFormat.Value findFormat(Annotated annotated) {
                    return annotated.getRawType().isRecord()
                            ? JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY)
                            : super.findFormat(annotated);
                }

                /** A component that may be null says so; no other is ever written as null, or left out. */
                @Override
                public JsonSetter.Value findSetterInfo(Annotated annotated) {
                    return annotated instanceof AnnotatedParameter component && !isNullable(component)
                            ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                            : super.findSetterInfo(annotated);
                }
            });

    private WindowsText() {}

    private static boolean isNullable(AnnotatedParameter component) {
        return component.getOwner().getAnnotated() instanceof Executable constructor
                && constructor.getAnnotatedParameterTypes()[component.getIndex()].isAnnotationPresent(Nullable.class);
    }

    static String write(Record evidence) {
        try {
            return JSON.writeValueAsString(evidence);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("evidence is made of records and numbers", e);
        }
    }

    /** Empty for a text that no such evidence has: it counts as lost, and is gathered again. */
    static <T extends Record> Optional<T> read(String text, Class<T> evidence) {
        try {
            return Optional.ofNullable(JSON.readValue(text, evidence));
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
    }
}
