package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.reconcile.Replica.Watch;
import dev.modelrollout.reconcile.Stage.Break;
import dev.modelrollout.reconcile.Stage.Call;
import dev.modelrollout.reconcile.Stage.Pods;
import dev.modelrollout.reconcile.Stage.Slip;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One thing that happens to a rollout.
 *
 * @param after how many seconds after the one before
 * @param which picks a version, a weight, a place: each kind takes what it needs
 * @param isSeen whether a watch tells the operator at once
 */
record Happening(int after, Kind kind, int which, boolean isSeen) {

    /** By whom: a user, the pods, Prometheus, another writer, the gateway, the operator and its API server. */
    enum Kind {
        TARGET,
        CEILING,
        ATTEMPT,
        STEPS,
        PAUSE,
        REACTIONS,
        CHECKS,
        UNLIST,
        LIST,
        TEMPLATE,
        READINESS,
        ENDPOINT,
        SCALE,
        DEPLOYMENT,
        RECOVERY,
        QUALITY,
        NOISE,
        BLINDNESS,
        SILENCE,
        SIGHT,
        RESET,
        GAP,
        WEIGHTS,
        ROUTE_GONE,
        ROUTE_SHAPE,
        ROUTE_MENDED,
        GATEWAY,
        RIVAL,
        BREAK,
        RESTART,
        STALE,
        REPEAT,
        RACE,
        TAKE_OVER,
        FORMER,
        CLOCK,
        SLOWNESS,
        SLIP,
        FOREIGN_STATUS,
        DELETE,
        CREATE,
        STATUS_LOST
    }

    static Happening any(Random random, List<Kind> kinds) {
        var after = random.nextInt(4) == 0 ? random.nextInt(60) : random.nextInt(10);
        return new Happening(
                after, kinds.get(random.nextInt(kinds.size())), random.nextInt(10_000), random.nextInt(5) > 0);
    }

    void on(Stage stage, Life life) {
        var version = Stage.VERSIONS.get(which % 3);
        var pods = stage.pods(version);
        var rest = which / 3;
        var isEven = rest % 2 == 0;
        switch (kind) {
            case TARGET ->
                stage.edit(spec -> {
                    spec.unlisted.remove(version);
                    spec.target = version;
                });
            case CEILING -> stage.edit(spec -> spec.maxWeight = of(rest, 0, 5, 10, 30, 80, 100));
            case ATTEMPT -> stage.edit(spec -> spec.attempt = 1 + rest % 3);
            case STEPS ->
                stage.edit(spec -> {
                    spec.steps = of(
                            rest, List.of(1, 10, 50), List.of(5, 20), List.of(1, 10, 80), List.of(50), List.of(20, 60));
                    spec.ramp = spec.counting ? Stage.ramp(which) : null;
                });
            case PAUSE -> stage.edit(spec -> spec.paused = isEven);
            case REACTIONS ->
                stage.edit(spec -> {
                    spec.holdOnFailure = isEven;
                    spec.rollBackWhenBlind = which % 3 == 0;
                    spec.rollBackAtDeadline = rest % 5 < 2;
                    spec.deadline = rest % 7 < 3 ? "2m" : null;
                });
            case CHECKS ->
                stage.edit(spec -> {
                    spec.comparing = isEven;
                    spec.checks = which % 3 > 0;
                });
            case UNLIST -> {
                if (!version.equals(stage.spec.target) && !version.equals(stage.live())) {
                    stage.edit(spec -> spec.unlisted.add(version));
                }
            }
            case LIST -> stage.edit(spec -> spec.unlisted.clear());
            case TEMPLATE -> {
                pods.template++;
                pods.bad = rest % 5 == 0;
            }
            case READINESS -> {
                pods.ready = Math.min(of(rest, 0, 1, pods.replicas), pods.replicas);
                pods.reachable = pods.ready > 0;
            }
            case ENDPOINT -> pods.reachable = isEven;
            case SCALE -> {
                pods.replicas = of(rest, 1, 3, 6);
                pods.ready = Math.min(pods.ready, pods.replicas);
                pods.observed = isEven;
            }
            case DEPLOYMENT -> pods.exist = isEven;
            case RECOVERY -> stage.pods.values().forEach(Pods::recover);
            case QUALITY -> pods.bad = rest % 4 > 0;
            case NOISE -> stage.noisy.add(version);
            case BLINDNESS -> stage.blindness = of(rest, Blindness.TIMEOUT, Blindness.NO_DATA, Blindness.STALE);
            case SILENCE -> stage.candidateIsSilent = true;
            case SIGHT -> stage.see();
            case RESET -> pods.counters.clear();
            case GAP -> stage.halfSeen.add(version);
            case WEIGHTS -> setWeights(stage, which);
            case ROUTE_GONE -> stage.setRoute(null);
            case ROUTE_SHAPE -> stage.misshape(isEven);
            case ROUTE_MENDED -> stage.mendRoute();
            case GATEWAY -> stage.stickGateway(isEven);
            case RIVAL -> stage.rival = isEven;
            case BREAK -> stage.breaks = new Break(of(rest, Call.values()), which % 2 > 0, which % 3 > 0);
            case RESTART -> life.restart();
            case STALE -> {
                var until = stage.now.plusSeconds(which % 30);
                of(rest, List.of(Watch.values()), List.of(Watch.ROLLOUTS), List.of(Watch.ROUTES), List.of(Watch.PODS))
                        .forEach(watch -> life.replica().silence(watch, until));
            }
            case REPEAT -> life.round();
            case RACE -> {
                stage.meanwhiles = of(rest, 1, 1, 2, 9);
                stage.meanwhile = isEven
                        ? () -> setWeights(stage, which + stage.meanwhiles)
                        : () -> stage.edit(spec -> spec.paused = true);
            }
            case TAKE_OVER -> stage.pause = () -> life.takeOver(Duration.ofSeconds(rest % 40));
            case FORMER -> life.former();
            case CLOCK -> {
                stage.skew =
                        of(rest, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(-5));
                life.restart();
            }
            case SLOWNESS -> stage.slowness = Duration.ofSeconds(rest % 8);
            case SLIP -> stage.edit(spec -> spec.slip = of(rest, Slip.values()));
            case FOREIGN_STATUS -> setForeignCondition(stage, isEven);
            case DELETE -> stage.delete();
            case CREATE -> life.create();
            case STATUS_LOST -> {
                stage.setStatus(null);
                life.forget();
            }
        }
    }

    /** Of somebody who counts what has become of it. */
    private static void setForeignCondition(Stage stage, boolean holds) {
        var old = stage.status();
        if (old == null || old.conditions() == null) {
            return;
        }
        var all = new ArrayList<>(old.conditions());
        all.removeIf(condition -> condition.getType().equals("example.com/Counted"));
        all.add(new ConditionBuilder()
                .withType("example.com/Counted")
                .withStatus(holds ? "True" : "False")
                .withReason("Counted")
                .withMessage("counted")
                .withLastTransitionTime(stage.now.toString())
                .build());
        stage.setStatus(old.with(old.observedGeneration(), all));
    }

    /** Somebody else writes one rule of the route, or all. */
    private static void setWeights(Stage stage, int which) {
        var route = stage.route;
        if (route == null) {
            return;
        }
        var weights = of(
                which,
                Stage.weights(100, 0, 0),
                Stage.weights(90, 10, 0),
                Stage.weights(50, 50, 0),
                Stage.weights(63, 37, 0),
                Stage.weights(0, 100, 0),
                Stage.weights(80, 10, 10),
                Stage.weights(90, 0, 10),
                Stage.weights(0, 0, 0));
        List<Map<String, Integer>> rules = IntStream.range(0, route.rules().size())
                .mapToObj(i -> i > 0 && which % 5 == 0 ? route.rules().get(i) : weights)
                .toList();
        if (!rules.equals(route.rules())) {
            stage.setRoute(rules);
        }
    }

    @SafeVarargs
    private static <T> T of(int which, T... all) {
        return all[which % all.length];
    }

    /** As Java, to tell it again. */
    @Override
    public String toString() {
        return "new Happening(" + after + ", Happening.Kind." + kind + ", " + which + ", " + isSeen + ")";
    }
}
