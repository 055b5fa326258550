package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.reconcile.Parts.Decider;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.CountsCheck;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Halted;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Live;
import dev.modelrollout.rollout.Measured;
import dev.modelrollout.rollout.Measurements;
import dev.modelrollout.rollout.NamedCheck;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.Reason.Standing;
import dev.modelrollout.rollout.RolledBack;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutPlan.Analysis;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Waiting;
import dev.modelrollout.rollout.Workload;
import dev.modelrollout.rollout.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ways to decide, and to carry out what is decided, that would hurt somebody. */
enum Bug implements Operator.Maker {
    TRIES_AGAIN("what is read"),
    LEAVES_NO_TOMBSTONE("I10"),
    IGNORES_PAUSE("paused"),
    IGNORES_CEILING("ceiling"),
    SKIPS_STEPS("I3"),
    DOES_NOT_HOLD("I16"),
    IGNORES_READINESS("not ready"),
    IGNORES_ENDPOINTS("I7"),
    SEES_NO_HARM("harm"),
    TAKES_BLINDNESS_FOR_GOOD("blind"),
    TRUSTS_THE_CACHE("I18"),
    RISES_FROM_A_HALT("a halted one rises"),
    GOES_DOWN_LATE("I6"),
    NEVER_RISES("I10"),
    NEVER_RESTS("it spins"),
    STATUS_FIRST("I8"),
    COUNTS_TWICE("counted twice"),
    FORGETS_EVIDENCE("evidence is lost"),
    TAKES_OLD_COUNTERS_FOR_NEW("blind"),
    IGNORES_COVERAGE("blind"),
    FORGETS_TOMBSTONES_WHEN_LIVE("I5"),
    NEVER_LOOKS_AGAIN("I10"),
    SKIPS_THE_FRESH_LOOK("I18"),
    RAISES_AGAIN_AFTER_A_CONFLICT("I"),
    OVERWRITES_AFTER_A_CONFLICT("I"),
    FORGETS_THE_FINALIZER("I13"),
    LETS_GO_BEFORE_THE_STATUS("I13"),
    LETS_GO_WHILE_SPLIT("I13"),
    IGNORES_OLDER_ROLLOUTS("I12"),
    IGNORES_THE_GATEWAY("I3"),
    DROPS_FOREIGN_CONDITIONS("I9"),
    RESETS_TRANSITION_TIMES("I9"),
    REWRITES_HISTORY("I9"),
    CONFUSES_VERSIONS("I");

    /** What it breaks, as {@link Invariants} says it. */
    final String promise;

    Bug(String promise) {
        this.promise = promise;
    }

    @Override
    public Operator make() {
        return new Operator() {
            @Override
            public Decider decider(Decider right) {
                return (plan, state, world, now) ->
                        told(right.decide(plan(plan), state(state, world), world(world), now), state, now);
            }

            @Override
            public Ports ports(Ports right) {
                return new WrongPorts(Bug.this, right).ports();
            }
        };
    }

    private RolloutPlan plan(RolloutPlan plan) {
        var steps = plan.climb() instanceof Ladder ladder ? ladder.steps() : List.of(new Step(50, Stage.HOLD));
        return switch (this) {
            case IGNORES_PAUSE -> with(plan, plan.climb(), plan.maxWeight(), plan.minReady(), false);
            case IGNORES_CEILING -> with(plan, plan.climb(), 100, plan.minReady(), plan.paused());
            case IGNORES_READINESS -> with(plan, plan.climb(), plan.maxWeight(), 1, plan.paused());
            case SKIPS_STEPS ->
                with(
                        plan,
                        new Ladder(steps.subList(steps.size() - 1, steps.size())),
                        plan.maxWeight(),
                        plan.minReady(),
                        plan.paused());
            case DOES_NOT_HOLD ->
                with(
                        plan,
                        new Ladder(steps.stream()
                                .map(step -> new Step(step.weight(), Duration.ZERO))
                                .toList()),
                        plan.maxWeight(),
                        plan.minReady(),
                        plan.paused());
            case IGNORES_COVERAGE ->
                with(plan, plan.climb(), plan.maxWeight(), plan.minReady(), plan.paused(), uncovered(plan.analysis()));
            default -> plan;
        };
    }

    private static Analysis uncovered(Analysis its) {
        var checks = its.checks().stream()
                .<NamedCheck>map(check -> check instanceof CountsCheck counts
                        ? new CountsCheck(
                                counts.name(),
                                counts.counters(),
                                counts.rule(),
                                counts.identity(),
                                false,
                                counts.needs())
                        : check)
                .toList();
        return new Analysis(its.provider(), its.interval(), its.warmup(), checks);
    }

    private static RolloutPlan with(RolloutPlan plan, Climb climb, int maxWeight, int minReady, boolean paused) {
        return with(plan, climb, maxWeight, minReady, paused, plan.analysis());
    }

    private static RolloutPlan with(
            RolloutPlan plan, Climb climb, int maxWeight, int minReady, boolean paused, Analysis analysis) {
        return new RolloutPlan(
                plan.generation(),
                plan.namespace(),
                plan.route(),
                plan.versions(),
                plan.target(),
                maxWeight,
                plan.attempt(),
                climb,
                minReady,
                plan.grace(),
                plan.readyDeadline(),
                analysis,
                plan.holdOnFailure(),
                plan.rollBackWhenBlind(),
                plan.maxBlind(),
                plan.deadline(),
                plan.rollBackAtDeadline(),
                paused);
    }

    private RolloutState state(RolloutState state, World world) {
        if (this == COUNTS_TWICE && state instanceof Progressing climbing) {
            return with(
                    climbing, evidence -> evidence.goingOnFrom(evidence.last().minus(Stage.INTERVAL)));
        }
        if (this == FORGETS_EVIDENCE && world.interrupted() && state instanceof Progressing climbing) {
            return with(climbing, new Measurements(Map.of()));
        }
        if (this == FORGETS_TOMBSTONES_WHEN_LIVE && state instanceof Live known) {
            var ledger = known.ledger();
            return known.with(new Ledger(ledger.live(), List.of(), ledger.history()));
        }
        if (this == RISES_FROM_A_HALT && state instanceof Halted halted) {
            return halted.at();
        }
        return this == TRIES_AGAIN && state instanceof RolledBack failed
                ? new Waiting(
                        failed.ledger(), failed.candidate(), failed.tombstone().at())
                : state;
    }

    private static Progressing with(Progressing climbing, UnaryOperator<SequentialEvidence> change) {
        var changed = climbing.measurements().byCheck().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        its -> its.getValue()
                                .<Measured>fold(
                                        query -> its.getValue(),
                                        evidence -> new Measured.OfCounts(
                                                its.getValue().check(),
                                                evidence.newest() == null ? evidence : change.apply(evidence)))));
        return with(climbing, new Measurements(changed));
    }

    private static Progressing with(Progressing climbing, Measurements measurements) {
        return new Progressing(
                climbing.ledger(),
                climbing.candidate(),
                climbing.rung(),
                climbing.since(),
                climbing.replicas(),
                climbing.stableTemplate(),
                measurements,
                climbing.patience());
    }

    /** Whoever is not scraped any more still shows what it was. */
    private static List<Answer> repeated(List<Answer> answers) {
        var all = new ArrayList<Answer>();
        for (var answer : answers) {
            var before = all.isEmpty() ? answer : all.get(all.size() - 1);
            all.add(answer.fold(
                    value -> answer,
                    counters -> answer,
                    why -> before.fold(
                            value -> answer,
                            counters -> new Answer.Counters(answer.tick(), counters.values()),
                            none -> answer)));
        }
        return all;
    }

    private World world(World world) {
        return switch (this) {
            case TAKES_OLD_COUNTERS_FOR_NEW -> withAll(world, it -> it, Bug::repeated);
            case IGNORES_ENDPOINTS -> with(world, Bug::reachable, answer -> answer);
            case SEES_NO_HARM ->
                with(world, it -> it, answer -> answer.fold(value -> good(answer), counters -> answer, why -> answer));
            case TAKES_BLINDNESS_FOR_GOOD ->
                with(world, it -> it, answer -> answer.fold(value -> answer, counters -> answer, why -> good(answer)));
            default -> world;
        };
    }

    private static Answer good(Answer answer) {
        return new Answer.Value(answer.tick(), 0);
    }

    private static Workload reachable(Workload its) {
        return new Workload(its.template(), its.replicas(), its.ready(), its.observed(), true);
    }

    private World with(World world, UnaryOperator<Workload> workload, UnaryOperator<Answer> answer) {
        return withAll(world, workload, its -> its.stream().map(answer).toList());
    }

    private World withAll(World world, UnaryOperator<Workload> workload, UnaryOperator<List<Answer>> answers) {
        return new World(
                world.workloads().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, its -> workload.apply(its.getValue()))),
                this == IGNORES_ENDPOINTS ? world.workloads().keySet() : world.reachable(),
                world.route(),
                world.answers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, its -> answers.apply(its.getValue()))),
                world.histories(),
                world.trouble(),
                world.fresh(),
                world.interrupted(),
                world.respecified());
    }

    private Decision told(Decision right, RolloutState before, Instant now) {
        var write = right.write();
        return switch (this) {
            case LEAVES_NO_TOMBSTONE ->
                right.next() instanceof RolledBack failed && !(before instanceof RolledBack)
                        ? with(right, waiting(failed, now), write, right.confirm(), right.wakeAt())
                        : right;
            case TRUSTS_THE_CACHE -> with(right, right.next(), write, false, right.wakeAt());
            case GOES_DOWN_LATE ->
                write != null && !write.up() && now.getEpochSecond() % 60 > 5
                        ? with(right, before, null, false, right.wakeAt())
                        : right;
            case NEVER_RISES -> write != null && write.up() ? with(right, before, null, false, right.wakeAt()) : right;
            case NEVER_LOOKS_AGAIN ->
                new Decision(
                        right.next(),
                        right.reason(),
                        Standing.READY,
                        right.message(),
                        write,
                        right.move(),
                        right.confirm(),
                        right.sight(),
                        null,
                        right.wanted());
            case NEVER_RESTS -> with(right, right.next(), write, right.confirm(), now);
            default -> right;
        };
    }

    private static Waiting waiting(RolledBack failed, Instant now) {
        var ledger = failed.ledger();
        return new Waiting(new Ledger(ledger.live(), List.of(), ledger.history()), failed.candidate(), now);
    }

    private static Decision with(
            Decision right, RolloutState next, @Nullable Write write, boolean confirm, @Nullable Instant wakeAt) {
        return new Decision(
                next,
                right.reason(),
                right.standing(),
                right.message(),
                write,
                right.move(),
                confirm,
                right.sight(),
                wakeAt,
                right.wanted());
    }
}
