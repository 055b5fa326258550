package dev.modelrollout.operator;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.metrics.prometheus.PrometheusProvider;
import dev.modelrollout.reconcile.ModelRolloutReconciler;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is made of what. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    InstantSource clock() {
        return new AnchoredClock();
    }

    @Produces
    @Singleton
    ModelRolloutReconciler.Instance instance(Identity identity) {
        return new ModelRolloutReconciler.Instance(identity.name());
    }

    @Produces
    @Singleton
    Function<Consumer<String>, Readings> readings(Settings settings, InstantSource clock, OwnMetrics metrics) {
        var sources = sources(settings, clock);
        return wake -> new Readings(sources, clock, timer(), wake, metrics);
    }

    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "ticks");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static Map<String, MetricSource> sources(Settings settings, InstantSource clock) {
        return settings.providers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> provider(entry.getKey(), entry.getValue()).open(clock, KubernetesAccess.version())));
    }

    private static PrometheusProvider provider(String name, Settings.Provider provider) {
        return new PrometheusProvider(
                name,
                provider.url(),
                provider.timeout(),
                provider.caFile().orElse(null),
                provider.tokenFile().orElse(null),
                provider.username().orElse(null),
                provider.passwordFile().orElse(null),
                provider.clientCertFile().orElse(null),
                provider.clientKeyFile().orElse(null),
                provider.headers());
    }

    @Produces
    @ApplicationScoped
    Operator operator(QuarkusConfigurationService service, ModelRolloutReconciler reconciler, Settings settings) {
        var operator = new Operator(service);
        operator.register(reconciler, new AllEvents(service, service.getConfigurationFor(reconciler), settings));
        return operator;
    }

    /** The generated configuration, but woken by deletions too: without a finalizer they would pass unseen. */
    private static final class AllEvents extends QuarkusControllerConfiguration<ModelRollout> {

        private AllEvents(
                QuarkusConfigurationService service,
                QuarkusControllerConfiguration<ModelRollout> generated,
                Settings settings) {
            super(
                    watching(generated.getInformerConfig(), settings),
                    generated.getName(),
                    generated.isGenerationAware(),
                    generated.getAssociatedReconcilerClassName(),
                    generated.getRetry(),
                    generated.getRateLimiter(),
                    generated.maxReconciliationInterval().orElse(Duration.ofHours(1)),
                    generated.getFinalizerName(),
                    generated.fieldManager(),
                    generated.getWorkflow(),
                    generated.getResourceTypeName(),
                    generated.getResourceClass());
            setParent(service);
        }

        private static InformerConfiguration<ModelRollout> watching(
                InformerConfiguration<ModelRollout> generated, Settings settings) {
            var builder = InformerConfiguration.builder(generated);
            return (settings.namespaces().contains("*")
                            ? builder.withWatchAllNamespaces()
                            : builder.withNamespaces(settings.namespaces()))
                    .buildForController();
        }

        @Override
        public boolean triggerReconcilerOnAllEvents() {
            return true;
        }
    }
}
