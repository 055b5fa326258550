package dev.modelrollout.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import jakarta.inject.Singleton;

/** How the API server is talked to. */
@Singleton
final class KubernetesAccess implements KubernetesConfigCustomizer, KubernetesClientObjectMapperCustomizer {

    private static final int TIMEOUT_MILLIS = 5000;

    /** No write may be older than its round: short calls, no hidden repetition. */
    @Override
    public void customize(Config config) {
        config.setRequestTimeout(TIMEOUT_MILLIS);
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(1);
        config.setUserAgent("modelrollout-operator/" + version());
    }

    /** Of this build. */
    static String version() {
        var version = KubernetesAccess.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** One odd object must not stop a watch; managedFields are never needed and would rule the heap. */
    @Override
    public void customize(ObjectMapper mapper) {
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}
