package dev.modelrollout.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.InformerStoppedHandler;
import io.quarkus.arc.Unremovable;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapper;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import io.quarkus.kubernetes.client.KubernetesResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How the API server is talked to. */
@Singleton
final class KubernetesAccess implements KubernetesConfigCustomizer, KubernetesClientObjectMapperCustomizer {

    /** To the head of an answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int REOPEN_MILLIS = 100;

    /** The one client of the process; the SDK looks it up at run time, which Quarkus cannot see. */
    @Produces
    @Unremovable
    @ApplicationScoped
    KubernetesClient client(
            Config config,
            KubernetesSerialization serialization,
            WatchGuard guard,
            RetryAfter retryAfter,
            LeaseFence fence,
            AnswerLimit limit) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("watches", guard)
                        .addOrReplaceInterceptor("retry-after", retryAfter)
                        .addOrReplaceInterceptor("lease", fence)
                        .addOrReplaceInterceptor("limit", limit))
                .build();
    }

    /** As the extension makes it, but for what cannot be read. */
    @Produces
    @Singleton
    @SuppressWarnings({"rawtypes", "unchecked"}) // as the extension provides them
    KubernetesSerialization serialization(
            @KubernetesClientObjectMapper ObjectMapper mapper, @KubernetesResources Class[] resources) {
        var wire = new Wire(mapper);
        for (var resource : resources) {
            wire.registerKubernetesResource(resource);
        }
        return wire;
    }

    /** Who has stopped listening for good would lead on without seeing anything: a new process is worth more. */
    @Produces
    @Unremovable
    @Singleton
    InformerStoppedHandler listening(Leadership leadership) {
        return (informer, failure) -> {
            if (failure != null) {
                leadership.end("a watch has stopped");
            }
        };
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    /** No write may be older than its round: short calls, one repetition at most. */
    @Override
    public void customize(Config config) {
        config.setRequestTimeout((int) TIMEOUT.toMillis());
        config.setConnectionTimeout((int) TIMEOUT.toMillis());
        config.setRequestRetryBackoffLimit(1);
        config.setWatchReconnectInterval(REOPEN_MILLIS);
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
