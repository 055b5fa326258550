package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.rollout.Rollouts;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One round: read the plan, look at the world, decide the next state, make the route match, write it down. It waits for
 * nothing, and may die between any two acts: all that must be remembered is in the status.
 */
@Singleton
@ControllerConfiguration(
        name = "modelrollout",
        generationAwareEventProcessing = false,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 1, timeUnit = TimeUnit.HOURS))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 5000)
public final class ModelRolloutReconciler implements Reconciler<ModelRollout> {

    private final Function<Consumer<String>, Readings> metrics;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final Backpressure apiServer;
    private final String instance;

    private @Nullable Parts parts;

    /**
     * @param metrics makes the readings from what wakes a follower
     * @param clock the only source of time; must not go backwards
     * @param apiServer what it asks of us
     * @param instance name of this process, for Events
     */
    @Inject
    public ModelRolloutReconciler(
            Function<Consumer<String>, Readings> metrics,
            InstantSource clock,
            Telemetry telemetry,
            Backpressure apiServer,
            Instance instance) {
        this.metrics = metrics;
        this.clock = clock;
        this.telemetry = telemetry;
        this.apiServer = apiServer;
        this.instance = instance.name();
    }

    /** Name of this process. */
    public record Instance(String name) {}

    @Override
    public List<EventSource<?, ModelRollout>> prepareEventSources(EventSourceContext<ModelRollout> context) {
        var watches = new Watches(context);
        var memory = new Memory();
        var router = new HttpRouteRouter(context.getClient(), watches);
        var plans = new PlanReader(List.of(router), Presets.load());
        var readings = metrics.apply(follower -> watches.wake(Parts.idOf(follower)));
        var claims = new Claims(watches, plans, router);
        var observer = new Observer(watches, readings, router, claims, memory);
        var notices = new Notices(context.getClient(), Notices.oneThread(), instance);
        parts = new Parts(
                watches, plans, observer, Rollouts::decide, router, readings, notices, memory, telemetry, clock);
        return watches.sources();
    }

    @Override
    public UpdateControl<ModelRollout> reconcile(ModelRollout rollout, Context<ModelRollout> context) {
        var all = Objects.requireNonNull(parts);
        var store = new PatchingStore(context);
        var now = clock.instant();
        return context.isPrimaryResourceDeleted()
                ? new Farewell(all, store, now).forget(rollout)
                : new Round(all, store, now).run(rollout);
    }

    /** Tried again as the API server has asked, else after 1 to 5 s; for ever. What wakes the rollout may do so sooner. */
    @Override
    public ErrorStatusUpdateControl<ModelRollout> updateErrorStatus(
            ModelRollout rollout, Context<ModelRollout> context, Exception failure) {
        var wait = apiServer.left(rollout.getMetadata().getNamespace());
        return wait.isZero()
                ? ErrorStatusUpdateControl.defaultErrorProcessing()
                : ErrorStatusUpdateControl.<ModelRollout>noStatusUpdate().rescheduleAfter(wait);
    }
}
