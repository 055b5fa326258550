package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.StatusReader.orEmpty;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.reconcile.Operator.Ports;
import dev.modelrollout.reconcile.Stage.Failed;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Ports of an operator whose shell has this bug: what it does wrong is seen through them alone. */
final class WrongPorts {

    private final Bug bug;
    private final Ports right;

    /** A raise that waits for the status. */
    private @Nullable Runnable postponed;

    WrongPorts(Bug bug, Ports right) {
        this.bug = bug;
        this.right = right;
    }

    Ports ports() {
        return new Ports(new Store(), new Router(), new Watched(), new Source());
    }

    private final class Store implements RolloutStore {

        @Override
        public Optional<ModelRollout> get(ModelRollout rollout) {
            return bug == Bug.SKIPS_THE_FRESH_LOOK
                    ? Optional.of(rollout)
                    : right.store().get(rollout);
        }

        @Override
        public ModelRollout patchStatus(ModelRollout rollout, ModelRolloutStatus status) {
            var basis = bug == Bug.LETS_GO_BEFORE_THE_STATUS && status.rollout() == null
                    ? right.store().withFinalizer(rollout, false)
                    : rollout;
            var written = patch(basis, wrong(status));
            if (postponed != null) {
                postponed.run();
                postponed = null;
            }
            return written;
        }

        private ModelRollout patch(ModelRollout rollout, ModelRolloutStatus status) {
            try {
                return right.store().patchStatus(rollout, status);
            } catch (Failed conflict) {
                if (bug != Bug.OVERWRITES_AFTER_A_CONFLICT || conflict.fatal) {
                    throw conflict;
                }
                return right.store().patchStatus(right.store().get(rollout).orElseThrow(() -> conflict), status);
            }
        }

        @Override
        public ModelRollout patchFinalizers(ModelRollout rollout, List<String> finalizers) {
            return bug == Bug.FORGETS_THE_FINALIZER && !finalizers.isEmpty()
                    ? rollout
                    : right.store().patchFinalizers(rollout, finalizers);
        }
    }

    private ModelRolloutStatus wrong(ModelRolloutStatus status) {
        return switch (bug) {
            case DROPS_FOREIGN_CONDITIONS ->
                status.with(
                        status.observedGeneration(),
                        orEmpty(status.conditions()).stream()
                                .filter(condition -> !condition.getType().contains("/"))
                                .toList());
            case RESETS_TRANSITION_TIMES ->
                status.with(
                        status.observedGeneration(),
                        orEmpty(status.conditions()).stream()
                                .map(WrongPorts::renewed)
                                .toList());
            case REWRITES_HISTORY -> withoutPast(status);
            default -> status;
        };
    }

    private static Condition renewed(Condition condition) {
        return new ConditionBuilder(condition)
                .withLastTransitionTime(Instant.EPOCH.toString())
                .build();
    }

    private static ModelRolloutStatus withoutPast(ModelRolloutStatus status) {
        return new ModelRolloutStatus(
                status.observedGeneration(),
                status.phase(),
                status.live(),
                status.weights(),
                status.weight(),
                status.rollout(),
                status.halt(),
                status.failedRevisions(),
                status.checks(),
                status.conditions(),
                status.history() == null
                        ? null
                        : status.history().stream().limit(1).toList());
    }

    private final class Router implements DelegatingRouter {

        @Override
        public TrafficRouter right() {
            return right.router();
        }

        @Override
        public RouteView read(RolloutPlan plan, Optional<String> live) {
            return wrong(right.router().read(plan, live));
        }

        @Override
        public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
            return bug == Bug.SKIPS_THE_FRESH_LOOK
                    ? read(plan, live)
                    : wrong(right.router().readFresh(plan, live));
        }

        private RouteView wrong(RouteView view) {
            return bug == Bug.IGNORES_THE_GATEWAY
                    ? new RouteView(
                            view.uid(), view.generation(), view.rules(), null, view.programmedSince(), view.trouble())
                    : view;
        }

        @Override
        public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
            if (bug == Bug.STATUS_FIRST) {
                postponed = () -> right.router().raise(plan, view, split);
                return true;
            }
            return right.router().raise(plan, view, split)
                    || (bug == Bug.RAISES_AGAIN_AFTER_A_CONFLICT
                            && right.router().raise(plan, right.router().readFresh(plan, Optional.empty()), split));
        }

        @Override
        public boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
            return (bug == Bug.LETS_GO_WHILE_SPLIT && split.stable().equals(split.candidate()))
                    || right.router().lower(plan, view, split, isStillDue);
        }
    }

    private final class Watched implements Caches {

        @Override
        public Optional<SlimDeployment> deployment(String namespace, String name) {
            return right.caches().deployment(namespace, name);
        }

        @Override
        public boolean isReachable(String namespace, String service) {
            return right.caches().isReachable(namespace, service);
        }

        @Override
        public List<ModelRollout> rolloutsOf(String namespace, String route) {
            return bug == Bug.IGNORES_OLDER_ROLLOUTS
                    ? List.of()
                    : right.caches().rolloutsOf(namespace, route);
        }

        @Override
        public void wakeNeighbours(ModelRollout rollout) {
            right.caches().wakeNeighbours(rollout);
        }
    }

    private final class Source implements MetricSource {

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            return right.source().ask(asked(question), tick);
        }

        @Override
        public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
            return right.source().askRange(asked(question), ticks);
        }

        private Question asked(Question question) {
            return bug == Bug.CONFUSES_VERSIONS
                    ? new Question(question.provider(), other(question.query()), question.interval(), question.form())
                    : question;
        }

        private static String other(String query) {
            return query.contains("chat-v1")
                    ? query.replace("chat-v1", "chat-v2")
                    : query.replace("chat-v2", "chat-v1");
        }
    }
}
