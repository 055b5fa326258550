package dev.modelrollout.rollout;

import static dev.modelrollout.rollout.Reason.AT_MAX_WEIGHT;
import static dev.modelrollout.rollout.Reason.BACKEND_NOT_IN_ROUTE;
import static dev.modelrollout.rollout.Reason.BLIND;
import static dev.modelrollout.rollout.Reason.BLIND_TOO_LONG;
import static dev.modelrollout.rollout.Reason.BOTH_UNHEALTHY;
import static dev.modelrollout.rollout.Reason.CANDIDATE_LOST;
import static dev.modelrollout.rollout.Reason.CANDIDATE_NOT_READY;
import static dev.modelrollout.rollout.Reason.CHECK_FAILED;
import static dev.modelrollout.rollout.Reason.CONFLICT;
import static dev.modelrollout.rollout.Reason.CONTESTED;
import static dev.modelrollout.rollout.Reason.DEADLINE_EXCEEDED;
import static dev.modelrollout.rollout.Reason.DEPLOYMENT_MISSING;
import static dev.modelrollout.rollout.Reason.DRIFTED;
import static dev.modelrollout.rollout.Reason.HELD_ON_FAILURE;
import static dev.modelrollout.rollout.Reason.INVALID_SPEC;
import static dev.modelrollout.rollout.Reason.LIVE;
import static dev.modelrollout.rollout.Reason.LIVE_UNAVAILABLE;
import static dev.modelrollout.rollout.Reason.PAUSED;
import static dev.modelrollout.rollout.Reason.PROGRESSING;
import static dev.modelrollout.rollout.Reason.ROUTE_MISSING;
import static dev.modelrollout.rollout.Reason.ROUTE_NOT_PROGRAMMED;
import static dev.modelrollout.rollout.Reason.ROUTE_SHAPE;
import static dev.modelrollout.rollout.Reason.STABLE_UNAVAILABLE;
import static dev.modelrollout.rollout.Reason.UNKNOWN_PRESET;
import static dev.modelrollout.rollout.Reason.UNKNOWN_PROVIDER;
import static dev.modelrollout.rollout.Reason.UNREADABLE;
import static dev.modelrollout.rollout.Scene.BAD;
import static dev.modelrollout.rollout.Scene.NOT_YET;
import static dev.modelrollout.rollout.Scene.NOW;
import static dev.modelrollout.rollout.Scene.live;
import static dev.modelrollout.rollout.Scene.progressing;
import static dev.modelrollout.rollout.Scene.rolledBack;
import static dev.modelrollout.rollout.Scene.rule;
import static dev.modelrollout.rollout.Scene.unseen;
import static dev.modelrollout.rollout.Scene.waiting;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.Reason.Standing;
import dev.modelrollout.rollout.RolloutPlan.Analysis;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DecideTest {

    /** Told by who reads the object, before there is a plan to decide on. */
    private static final EnumSet<Reason> WITHOUT_A_PLAN = EnumSet.of(UNREADABLE);

    /** What follows from a scene: the state, why, the candidate's weight that is written, when to look again. */
    private record Case(
            String sentence,
            Scene scene,
            Class<? extends RolloutState> state,
            Reason reason,
            @Nullable Write write,
            @Nullable Instant wake) {

        Case raising(int weight) {
            return new Case(
                    sentence, scene, state, reason, new Write(new TrafficSplit("v1", "v2", weight), true), wake);
        }

        Case lowering(int weight) {
            return new Case(
                    sentence, scene, state, reason, new Write(new TrafficSplit("v1", "v2", weight), false), wake);
        }

        Case loweringFor(String candidate) {
            return new Case(
                    sentence, scene, state, reason, new Write(new TrafficSplit("v1", candidate, 0), false), wake);
        }

        Case toLive() {
            return new Case(sentence, scene, state, reason, new Write(TrafficSplit.all("v1"), false), wake);
        }

        Case promoting() {
            return new Case(sentence, scene, state, reason, new Write(TrafficSplit.all("v2"), true), wake);
        }

        Case waking(Duration in) {
            return new Case(sentence, scene, state, reason, write, NOW.plus(in));
        }

        Case wakingAtOnce() {
            return new Case(sentence, scene, state, reason, write, Instant.EPOCH);
        }

        DynamicTest test() {
            return dynamicTest(sentence, () -> {
                var decision = scene.decide();

                assertThat(decision.reason()).as(decision.message()).isEqualTo(reason);
                assertThat(decision.next()).isInstanceOf(state);
                assertThat(decision.write()).isEqualTo(write);
                assertThat(decision.wakeAt()).isEqualTo(wake);
            });
        }
    }

    private static Case when(String sentence, Scene scene, Class<? extends RolloutState> state, Reason reason) {
        return new Case(sentence, scene, state, reason, null, null);
    }

    @TestFactory
    Stream<DynamicTest> unseen_adopts_the_route_as_it_stands() {
        return adoption().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> live_is_idle() {
        return idle().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> waiting_gives_no_traffic() {
        return noTraffic().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> progressing_goes_up_slowly() {
        return wayUp().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> progressing_goes_down_at_once() {
        return wayDown().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> progressing_bears_a_foreign_writer() {
        return drift().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> rolled_back_stays_until_a_person_changes_something() {
        return barred().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> halted_never_rises() {
        return halts().map(Case::test);
    }

    @Test
    void whatever_begins_a_weight_anew_still_knows_which_stable_it_was_measured_beside() {
        var measuredBeside = progressing(2).world().workload("v1").orElseThrow().template();
        var begun = Stream.of(
                progressing(2).wasUnprogrammed(),
                progressing(2).steps(10, 40),
                progressing(2).maxWeight(5),
                progressing(2).routeGives(1));

        assertThat(begun.map(scene -> scene.template("v1", "new").decide().next()))
                .allSatisfy(next ->
                        assertThat(((Progressing) next).stableTemplate()).isEqualTo(measuredBeside));
        assertThat(progressing(2).template("v1", "new").decide().next())
                .isInstanceOfSatisfying(
                        Progressing.class,
                        its -> assertThat(its.stableTemplate()).isEqualTo("new"));
    }

    @Test
    void each_reason_is_reached() {
        var reached = Stream.of(adoption(), idle(), noTraffic(), wayUp(), wayDown(), drift(), barred(), halts())
                .flatMap(cases -> cases)
                .map(Case::reason)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));
        reached.add(Counted.trafficStops().reason());

        assertThat(reached).isEqualTo(EnumSet.complementOf(WITHOUT_A_PLAN));
    }

    private static Stream<Case> adoption() {
        return Stream.of(
                when("the target has all: live", unseen().routeGives(100), Live.class, LIVE),
                when("another version has all: it is live, and waiting begins", unseen(), Waiting.class, PROGRESSING),
                when(
                                "nothing stands in the way of the first weight: who is live is stored before it",
                                unseen().withoutChecks(),
                                Waiting.class,
                                PROGRESSING)
                        .waking(ofSeconds(0)),
                when(
                        "who is live is told beside an unknown provider",
                        unseen().trouble(UNKNOWN_PROVIDER),
                        Live.class,
                        UNKNOWN_PROVIDER),
                when(
                        "who is live is told beside an unknown preset",
                        unseen().trouble(UNKNOWN_PRESET),
                        Live.class,
                        UNKNOWN_PRESET),
                when("a share on a step goes on from there", unseen().routeGives(10), Progressing.class, PROGRESSING),
                when(
                                "a share between two steps is lowered to the one below",
                                unseen().routeGives(37),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(10),
                when(
                                "a share below the first step goes to 0",
                                unseen().steps(20).routeGives(5),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "the share is the lowest of the managed rules, and all are lowered to it",
                                unseen().routeShows(rule(50, 50, 0), rule(90, 10, 0)),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(10),
                when(
                                "a share in one of two managed rules alone goes to 0",
                                unseen().routeShows(rule(100, 0, 0), rule(90, 10, 0)),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                        "weights that are all 0 tell nothing",
                        unseen().routeShows(rule(0, 0, 0)),
                        Unseen.class,
                        ROUTE_SHAPE),
                when(
                        "three versions with traffic tell nothing",
                        unseen().routeShows(rule(50, 25, 25)),
                        Unseen.class,
                        ROUTE_SHAPE),
                when(
                        "two versions without the target tell nothing",
                        unseen().routeShows(rule(50, 0, 50)),
                        Unseen.class,
                        ROUTE_SHAPE),
                when(
                        "the target has all, and no Deployment any more: live, and it is said",
                        unseen().target("v1").routeGives(0).noDeployment("v1"),
                        Live.class,
                        DEPLOYMENT_MISSING),
                when("no route: nothing is known", unseen().noRoute(), Unseen.class, ROUTE_MISSING),
                when(
                        "a split without the target's Deployment cannot be judged",
                        unseen().routeGives(10).noDeployment("v2"),
                        Unseen.class,
                        DEPLOYMENT_MISSING),
                when(
                        "somebody else's rule is not adopted",
                        unseen().routeGives(10).trouble(CONFLICT),
                        Unseen.class,
                        CONFLICT),
                when(
                        "a backend that is missing in the route is named",
                        unseen().routeShows().routeTrouble(BACKEND_NOT_IN_ROUTE),
                        Unseen.class,
                        BACKEND_NOT_IN_ROUTE),
                when(
                        "a split is not lowered onto a stable version that nobody can reach",
                        unseen().routeGives(37).unreachable("v1"),
                        Unseen.class,
                        STABLE_UNAVAILABLE));
    }

    private static Stream<Case> idle() {
        return Stream.of(
                when("the target is live: nothing happens", live(), Live.class, LIVE),
                when("live without an endpoint is said", live().unreachable("v1"), Live.class, LIVE_UNAVAILABLE),
                when("moved traffic is put back", live().routeGives(30), Live.class, DRIFTED)
                        .toLive(),
                when(
                                "moved again 4 seconds after a put-back: patience for 6 more",
                                live().routeGives(30).driftedBefore(1, ofSeconds(4)),
                                Live.class,
                                DRIFTED)
                        .waking(ofSeconds(6)),
                when(
                                "moved again 11 seconds after a put-back: put back",
                                live().routeGives(30).driftedBefore(1, ofSeconds(11)),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                                "moved again 10 seconds after a put-back: put back",
                                live().routeGives(30).driftedBefore(1, ofSeconds(10)),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                                "moved once more after two put-backs: put back",
                                live().routeGives(30).driftedBefore(2, ofSeconds(20)),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                        "moved once more after three put-backs: contested",
                        live().routeGives(30).driftedBefore(3, ofSeconds(20)),
                        Halted.class,
                        CONTESTED),
                when(
                        "another target, and moved once more after three put-backs: contested",
                        live().target("v2").routeGives(30).driftedBefore(3, ofSeconds(20)),
                        Halted.class,
                        CONTESTED),
                when(
                        "a route that cannot be read is contested by nobody",
                        live().noRoute().driftedBefore(3, ofSeconds(20)),
                        Live.class,
                        ROUTE_MISSING),
                when(
                                "put-backs of long ago contest nothing",
                                live().routeGives(30).driftedBefore(3, ofMinutes(9)),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when("Drifted stays visible for 10 seconds", live().driftedBefore(1, ofSeconds(4)), Live.class, DRIFTED)
                        .waking(ofSeconds(6)),
                when(
                                "a gateway has 5 seconds to take a write",
                                live().unprogrammed().moved(Action.PROMOTE, LIVE, ofSeconds(2)),
                                Live.class,
                                LIVE)
                        .waking(ofSeconds(3)),
                when(
                        "a gateway that has not taken the route is named",
                        live().unprogrammed(),
                        Live.class,
                        ROUTE_NOT_PROGRAMMED),
                when(
                        "a gateway that has not taken a write for 5 seconds is named",
                        live().unprogrammed().moved(Action.PROMOTE, LIVE, ofSeconds(5)),
                        Live.class,
                        ROUTE_NOT_PROGRAMMED),
                when(
                                "moved traffic is put back although live's Deployment is gone, as long as its pods"
                                        + " serve",
                                live().routeGives(30).noDeployment("v1"),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                        "live has another backend now, beside an unlisted one with traffic: nothing is given to it",
                        live().routeShows(rule(0, 0, 0)).routeTrouble(ROUTE_SHAPE),
                        Live.class,
                        ROUTE_SHAPE),
                when(
                                "moved traffic is put back beside an unlisted backend too",
                                live().routeGives(30).routeTrouble(ROUTE_SHAPE),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                                "moved traffic of one of two rules is put back beside an unlisted backend too",
                                live().routeShows(rule(100, 0, 0), rule(70, 30, 0))
                                        .routeTrouble(ROUTE_SHAPE),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when("no route: nothing to put back", live().noRoute(), Live.class, ROUTE_MISSING),
                when(
                        "without the live version in the spec nothing can be told",
                        live().target("v2").notListed("v1"),
                        Live.class,
                        INVALID_SPEC),
                when(
                                "moved traffic is put back although another target is in trouble",
                                live().routeGives(30).target("v3").noDeployment("v3"),
                                Live.class,
                                DRIFTED)
                        .toLive(),
                when(
                        "moved traffic is left alone when live could not take it",
                        live().routeGives(30).unreachable("v1"),
                        Live.class,
                        LIVE_UNAVAILABLE),
                when("another target: waiting begins", live().target("v2"), Waiting.class, PROGRESSING),
                when(
                                "another target that is ready, without checks: stored before its first step, which is due",
                                live().target("v2").withoutChecks(),
                                Waiting.class,
                                PROGRESSING)
                        .waking(ofSeconds(0)),
                when(
                        "another target that has failed before goes straight to RolledBack",
                        live().target("v2").withoutChecks().failedBefore(),
                        RolledBack.class,
                        CHECK_FAILED),
                when(
                                "a failed target in another attempt begins again",
                                live().target("v2")
                                        .withoutChecks()
                                        .failedBefore()
                                        .attempt(2),
                                Waiting.class,
                                PROGRESSING)
                        .waking(ofSeconds(0)),
                when(
                                "a failed target with another template begins again",
                                live().target("v2")
                                        .withoutChecks()
                                        .failedBefore()
                                        .template("v2", "mended"),
                                Waiting.class,
                                PROGRESSING)
                        .waking(ofSeconds(0)),
                when(
                        "another target without a Deployment",
                        live().target("v2").noDeployment("v2"),
                        Live.class,
                        DEPLOYMENT_MISSING),
                when(
                        "another target without its preset",
                        live().target("v2").trouble(UNKNOWN_PRESET),
                        Live.class,
                        UNKNOWN_PRESET),
                when(
                        "another target without its provider",
                        live().target("v2").trouble(UNKNOWN_PROVIDER),
                        Live.class,
                        UNKNOWN_PROVIDER));
    }

    private static Stream<Case> noTraffic() {
        return Stream.of(
                when("ready and answered: the first step", waiting(), Progressing.class, PROGRESSING)
                        .raising(1),
                when(
                                "without checks readiness is enough",
                                waiting().withoutChecks().blind(Blindness.TIMEOUT),
                                Progressing.class,
                                PROGRESSING)
                        .raising(1),
                when(
                                "a ceiling below the first step cuts it",
                                waiting().steps(20).maxWeight(5),
                                Progressing.class,
                                PROGRESSING)
                        .raising(5),
                when("pods not ready", waiting().pods("v2", 2, 3), Waiting.class, CANDIDATE_NOT_READY)
                        .waking(ofMinutes(10)),
                when(
                                "half of the pods is enough when the spec says so",
                                waiting().pods("v2", 2, 3).minReady(50),
                                Progressing.class,
                                PROGRESSING)
                        .raising(1),
                when(
                                "minReady is rounded up",
                                waiting().pods("v2", 1, 3).minReady(34),
                                Waiting.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(10)),
                when(
                                "ready pods without an endpoint are not ready",
                                waiting().unreachable("v2"),
                                Waiting.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(10)),
                when("scaled to 0 is not ready", waiting().pods("v2", 0, 0), Waiting.class, CANDIDATE_NOT_READY)
                        .waking(ofMinutes(10)),
                when(
                                "a status behind its spec is not ready",
                                waiting().statusBehind("v2"),
                                Waiting.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(10)),
                when(
                        "not ready past health.deadline: still waiting, nothing timed",
                        waiting().pods("v2", 0, 3).begun(ofMinutes(30)),
                        Waiting.class,
                        CANDIDATE_NOT_READY),
                when(
                                "pods were lost under traffic",
                                waiting().pods("v2", 0, 3).losses(1),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .waking(ofMinutes(10)),
                when("paused", waiting().paused(), Waiting.class, PAUSED),
                when("ceiling 0", waiting().maxWeight(0), Waiting.class, AT_MAX_WEIGHT),
                when("not asked yet", waiting().begun(Duration.ZERO), Waiting.class, PROGRESSING),
                when("no answer: blind", waiting().blind(Blindness.TIMEOUT), Waiting.class, BLIND),
                when(
                                "no data about a candidate without traffic is an answer",
                                waiting().answers("v2", Blindness.NO_DATA),
                                Progressing.class,
                                PROGRESSING)
                        .raising(1),
                when(
                        "garbage about the candidate is none",
                        waiting().answers("v2", Blindness.BAD_ANSWER),
                        Waiting.class,
                        BLIND),
                when(
                        "no data about stable blocks a check that compares",
                        waiting().answers("v1", Blindness.NO_DATA),
                        Waiting.class,
                        BLIND),
                when(
                                "no data about stable does not block a check that does not",
                                waiting().notComparing().answers("v1", Blindness.NO_DATA),
                                Progressing.class,
                                PROGRESSING)
                        .raising(1),
                when("from share 0 nothing is harmful", waiting().bad("v2"), Progressing.class, PROGRESSING)
                        .raising(1),
                when(
                                "a gateway has 5 seconds",
                                waiting().unprogrammed().moved(Action.LOWER, CANDIDATE_LOST, ofSeconds(1)),
                                Waiting.class,
                                PROGRESSING)
                        .waking(ofSeconds(4)),
                when("not programmed: no rise", waiting().unprogrammed(), Waiting.class, ROUTE_NOT_PROGRAMMED),
                when("stable has no endpoint", waiting().unreachable("v1"), Waiting.class, STABLE_UNAVAILABLE),
                when("the target is live again: done", waiting().target("v1"), Live.class, LIVE),
                when("a third target: waiting for it begins", waiting().target("v3"), Waiting.class, PROGRESSING),
                when(
                        "another template: waiting begins anew",
                        waiting().template("v2", "new"),
                        Waiting.class,
                        PROGRESSING),
                when(
                        "what failed before is not waited for",
                        waiting().failedBefore().attempt(1).template("v2", "t2").attemptRemembered(2),
                        RolledBack.class,
                        CHECK_FAILED),
                when(
                        "what left the spec is not waited for",
                        waiting().target("v3").notListed("v2").trouble(ROUTE_SHAPE),
                        Waiting.class,
                        ROUTE_SHAPE),
                when("no route", waiting().noRoute(), Waiting.class, ROUTE_MISSING),
                when("an older rollout has the rule", waiting().trouble(CONFLICT), Waiting.class, CONFLICT),
                when(
                        "the first of two troubles is told",
                        waiting().noRoute().trouble(UNKNOWN_PROVIDER),
                        Waiting.class,
                        ROUTE_MISSING),
                when("someone gives traffic: put back", waiting().routeGives(30), Waiting.class, DRIFTED)
                        .lowering(0),
                when(
                                "someone gives traffic to a version without Deployment: put back",
                                waiting().routeGives(30).noDeployment("v2"),
                                Waiting.class,
                                DRIFTED)
                        .lowering(0),
                when(
                                "right after a foreign change nothing rises",
                                waiting().driftedBefore(1, ofSeconds(4)),
                                Waiting.class,
                                DRIFTED)
                        .waking(ofSeconds(6)),
                when(
                        "a ceiling of 0 after a restart: no rise was cut short",
                        waiting().maxWeight(0).interrupted(),
                        Waiting.class,
                        AT_MAX_WEIGHT),
                when(
                        "three times: contested",
                        waiting().routeGives(30).driftedBefore(3, ofSeconds(20)),
                        Halted.class,
                        CONTESTED),
                when(
                                "our own first rise, cut short by a crash, is taken back",
                                waiting().routeGives(1).interrupted(),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "our own first rise, cut short by a crash after three foreign changes, is taken back",
                                waiting().routeGives(1).interrupted().driftedBefore(3, ofSeconds(20)),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "our own first rise under a ceiling that was lowered to 0 since",
                                waiting().routeGives(1).interrupted().maxWeight(0),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "our own first rise by other steps than those of now",
                                waiting().routeGives(20).interrupted().respecified(),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "our own first rise for who is not wanted any more",
                                waiting()
                                        .routeGives(1)
                                        .interrupted()
                                        .respecified()
                                        .attempt(2),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "another weight than a first rise gives is somebody else's",
                                waiting().routeGives(20).interrupted(),
                                Waiting.class,
                                DRIFTED)
                        .lowering(0),
                when("someone gives it the first step: put back", waiting().routeGives(1), Waiting.class, DRIFTED)
                        .lowering(0),
                when(
                        "our own first rise is not taken back onto a stable version that nobody can reach",
                        waiting().routeGives(1).interrupted().unreachable("v1"),
                        Waiting.class,
                        STABLE_UNAVAILABLE));
    }

    /** Both were answered, each for another tick. */
    private static Scene readApart() {
        return progressing(1).answers("v1", NOT_YET, 0.01).answers("v2", 0.01, NOT_YET);
    }

    private static Stream<Case> wayUp() {
        return Stream.of(
                when("held long enough and safe: the next step", progressing(1), Progressing.class, PROGRESSING)
                        .raising(10),
                when("the last step held and safe: promoted", progressing(3), Live.class, LIVE)
                        .promoting(),
                when("not held long enough", progressing(2).begun(ofMinutes(4)), Progressing.class, PROGRESSING)
                        .waking(ofMinutes(6)),
                when("just held long enough", progressing(2).begun(ofMinutes(10)), Progressing.class, PROGRESSING)
                        .raising(50),
                when(
                                "the hold ends before the deadline",
                                progressing(2).begun(ofMinutes(4)).deadline(ofMinutes(30)),
                                Progressing.class,
                                PROGRESSING)
                        .waking(ofMinutes(6)),
                when(
                                "the deadline ends before the hold",
                                progressing(2).begun(ofMinutes(4)).deadline(ofMinutes(7)),
                                Progressing.class,
                                PROGRESSING)
                        .waking(ofMinutes(3)),
                when(
                                "time spent blind does not count for the hold",
                                progressing(2).begun(ofMinutes(12)).wasBlindFor(ofMinutes(3)),
                                Progressing.class,
                                PROGRESSING)
                        .waking(ofMinutes(1)),
                when(
                                "without checks the hold is enough",
                                progressing(1).withoutChecks(),
                                Progressing.class,
                                PROGRESSING)
                        .raising(10),
                when(
                        "held long enough but not yet safe",
                        progressing(1).answers("v2", 0.01, 0.01),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "safe a minute ago, by another process: an answer to this one first",
                        progressing(1).answers("v1").answers("v2").rememberedSafe(ofMinutes(1)),
                        Progressing.class,
                        PROGRESSING),
                when(
                                "safe a minute ago, and no reading of both since",
                                readApart().rememberedSafe(ofMinutes(1)),
                                Progressing.class,
                                PROGRESSING)
                        .raising(10),
                when(
                        "safe long ago, and no reading of both since: a new one first",
                        readApart().rememberedSafe(ofMinutes(2)),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "beyond a limit but not yet harmful",
                        progressing(1).answers("v2", 0.01, BAD, BAD),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "unreachable Prometheus: the weight stays",
                        progressing(1).blind(Blindness.UNREACHABLE),
                        Progressing.class,
                        BLIND),
                when(
                        "the candidate is asked in vain, stable not yet: blind",
                        progressing(1).answers("v2", 0.01, Blindness.TIMEOUT).answers("v1", 0.01, NOT_YET),
                        Progressing.class,
                        BLIND),
                when(
                        "stable is asked in vain, the candidate not yet: blind if they are compared",
                        progressing(1).answers("v2", 0.01, NOT_YET).answers("v1", 0.01, Blindness.TIMEOUT),
                        Progressing.class,
                        BLIND),
                when(
                        "stable is asked in vain, the candidate not yet: nothing if they are not compared",
                        progressing(1)
                                .notComparing()
                                .answers("v2", 0.01, NOT_YET)
                                .answers("v1", 0.01, Blindness.TIMEOUT),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "one version's answer is still to come: nothing",
                        progressing(1).answers("v2", 0.01, 0.01).answers("v1", 0.01, NOT_YET),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "no data of a query under traffic is blind",
                        progressing(1).answers("v2", Blindness.NO_DATA),
                        Progressing.class,
                        BLIND),
                when(
                                "blind: looked at again when it has lasted too long",
                                progressing(1)
                                        .blind(Blindness.STALE)
                                        .blindFor(ofMinutes(4))
                                        .rollBackWhenBlind(),
                                Progressing.class,
                                BLIND)
                        .waking(ofMinutes(6)),
                when(
                                "blind for nearly too long",
                                progressing(1)
                                        .blind(Blindness.STALE)
                                        .blindFor(ofMinutes(9))
                                        .rollBackWhenBlind(),
                                Progressing.class,
                                BLIND)
                        .waking(ofMinutes(1)),
                when(
                        "blind for ever with onBlind Hold: held",
                        progressing(1).blind(Blindness.STALE).blindFor(Duration.ofHours(9)),
                        Progressing.class,
                        BLIND),
                when(
                        "blind with onBlind Hold: its end is not waited for",
                        progressing(1).blind(Blindness.STALE).blindFor(ofMinutes(4)),
                        Progressing.class,
                        BLIND),
                when("paused", progressing(1).paused(), Progressing.class, PAUSED),
                when(
                                "paused: the deadline still counts",
                                progressing(1).paused().deadline(ofMinutes(21)),
                                Progressing.class,
                                PAUSED)
                        .waking(ofMinutes(1)),
                when("at the ceiling", progressing(2).maxWeight(10), Progressing.class, AT_MAX_WEIGHT),
                when("the ceiling cuts the next step", progressing(2).maxWeight(30), Progressing.class, PROGRESSING)
                        .raising(30),
                when(
                                "a raised ceiling gives the rest of the step that it had cut",
                                progressing(3).cutTo(30),
                                Progressing.class,
                                PROGRESSING)
                        .raising(50),
                when(
                        "paused comes before the ceiling",
                        progressing(2).maxWeight(10).paused(),
                        Progressing.class,
                        PAUSED),
                when(
                                "fewer pods ready: no rise",
                                progressing(1).pods("v2", 2, 3),
                                Progressing.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(5)),
                when(
                        "pods that an autoscaler added are waited for, but are no loss",
                        progressing(1).pods("v2", 3, 9),
                        Progressing.class,
                        CANDIDATE_NOT_READY),
                when("a scale-down is no loss", progressing(1).enteredWithReplicas(9), Progressing.class, PROGRESSING)
                        .raising(10),
                when(
                        "the gateway has not taken the weights: no rise",
                        progressing(1).unprogrammed(),
                        Progressing.class,
                        ROUTE_NOT_PROGRAMMED),
                when(
                                "a gateway has 5 seconds",
                                progressing(1)
                                        .unprogrammed()
                                        .begun(ofSeconds(2))
                                        .moved(Action.RAISE, PROGRESSING, ofSeconds(2)),
                                Progressing.class,
                                PROGRESSING)
                        .waking(ofSeconds(3)),
                when(
                        "the gateway takes a late write: held anew",
                        progressing(1).wasUnprogrammed(),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "stable's template changed: held anew",
                        progressing(1).template("v1", "new"),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "changed steps with the same share: held anew",
                        progressing(2).steps(10, 40),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "an unknown provider stops the way up",
                        progressing(1).trouble(UNKNOWN_PROVIDER),
                        Progressing.class,
                        UNKNOWN_PROVIDER),
                when(
                        "a misshapen route stops the way up",
                        progressing(1).routeTrouble(ROUTE_SHAPE),
                        Progressing.class,
                        ROUTE_SHAPE),
                when("no route", progressing(1).noRoute(), Progressing.class, ROUTE_MISSING),
                when(
                                "our own rise, cut short by a crash, while the stored rung is held: taken back",
                                progressing(1)
                                        .begun(ofMinutes(4))
                                        .routeGives(10)
                                        .interrupted(),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "more than our next step after a restart: somebody else's, put back",
                                progressing(1).routeGives(50).interrupted(),
                                Progressing.class,
                                DRIFTED)
                        .lowering(1),
                when(
                                "the weight of the status after a restart, under a spec that it does not know",
                                progressing(1).interrupted().respecified(),
                                Progressing.class,
                                PROGRESSING)
                        .raising(10),
                when(
                                "our own promotion, cut short by a crash, is still due",
                                progressing(3).routeGives(100).interrupted(),
                                Live.class,
                                LIVE)
                        .promoting(),
                when(
                                "our own promotion, cut short by a crash, and paused since",
                                progressing(3).routeGives(100).interrupted().paused(),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(50),
                when(
                        "safe a minute ago, by another process, and only stable is answered for since",
                        progressing(1).answers("v2").rememberedSafe(ofMinutes(1)),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "safe a minute ago, by another process, and only the candidate is answered for since",
                        progressing(1).answers("v1").rememberedSafe(ofMinutes(1)),
                        Progressing.class,
                        PROGRESSING),
                when(
                                "a lower ceiling beside a new rule that live has alone",
                                progressing(3).maxWeight(10).routeShows(rule(50, 50, 0), new int[] {1}),
                                Progressing.class,
                                AT_MAX_WEIGHT)
                        .lowering(10),
                when(
                                "our own rise by other steps than those of now",
                                progressing(1).routeGives(40).interrupted().respecified(),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                        "taken out of the spec, another target: its weight is not ours any more",
                        progressing(2).target("v3").notListed("v2").routeTrouble(ROUTE_SHAPE),
                        Progressing.class,
                        ROUTE_SHAPE),
                when(
                                "our own rise, cut short by a crash and still due: only written down",
                                progressing(1).routeGives(10).interrupted(),
                                Progressing.class,
                                PROGRESSING)
                        .raising(10),
                when(
                                "our own rise, cut short, and the ceiling was lowered: taken back",
                                progressing(1).routeGives(10).interrupted().maxWeight(1),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash and not due any more: taken back",
                                progressing(1).routeGives(10).interrupted().paused(),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash, and fewer pods ready: taken back",
                                progressing(1).routeGives(10).interrupted().pods("v2", 2, 3),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash, and nobody knows the provider: taken back",
                                progressing(1).routeGives(10).interrupted().trouble(UNKNOWN_PROVIDER),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash, and nobody answers: taken back",
                                progressing(1).routeGives(10).interrupted().blind(Blindness.TIMEOUT),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash, and stable is another: taken back",
                                progressing(1).routeGives(10).interrupted().template("v1", "new"),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash right after a foreign change: taken back",
                                progressing(1).routeGives(10).interrupted().driftedBefore(1, ofSeconds(4)),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1),
                when(
                                "our own rise, cut short by a crash after three foreign changes: only written down",
                                progressing(1).routeGives(10).interrupted().driftedBefore(3, ofSeconds(20)),
                                Progressing.class,
                                PROGRESSING)
                        .raising(10),
                when(
                                "our own rise, cut short by a crash, and past the deadline: taken back",
                                progressing(1).routeGives(10).interrupted().deadline(ofMinutes(20)),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(1));
    }

    private static Stream<Case> wayDown() {
        return Stream.of(
                when("a harmful check", progressing(2).bad("v2"), RolledBack.class, CHECK_FAILED)
                        .lowering(0),
                when(
                                "a harmful check beside a new rule that live has alone",
                                progressing(2)
                                        .bad("v2")
                                        .routeShows(rule(90, 10), rule(1))
                                        .routeTrouble(BACKEND_NOT_IN_ROUTE),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                        "a new rule that live has alone: nothing moves",
                        progressing(2).routeShows(rule(90, 10), rule(1)).routeTrouble(BACKEND_NOT_IN_ROUTE),
                        Progressing.class,
                        BACKEND_NOT_IN_ROUTE),
                when(
                                "a harmful check while paused, unprogrammed, half ready, and stable half ready",
                                progressing(2)
                                        .bad("v2")
                                        .paused()
                                        .unprogrammed()
                                        .pods("v2", 1, 3)
                                        .pods("v1", 1, 3)
                                        .begun(ofMinutes(1)),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "a check that was harmful stays so while blind",
                                progressing(2).rememberedBad().blind(Blindness.TIMEOUT),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                        "a harmful check with onFailure Hold",
                        progressing(2).bad("v2").holdOnFailure(),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                        "both beyond the limit",
                        progressing(2).notComparing().bad("v1", "v2"),
                        Halted.class,
                        BOTH_UNHEALTHY),
                when(
                        "bad, and stable has no endpoint",
                        progressing(2).bad("v2").unreachable("v1"),
                        Halted.class,
                        STABLE_UNAVAILABLE),
                when("stable has no endpoint", progressing(2).unreachable("v1"), Halted.class, STABLE_UNAVAILABLE),
                when(
                                "bad, and stable's pods serve although its Deployment is gone",
                                progressing(2).bad("v2").noDeployment("v1"),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                        "stable's Deployment is gone, its pods serve: nothing halts, nothing rises",
                        progressing(2).noDeployment("v1"),
                        Progressing.class,
                        DEPLOYMENT_MISSING),
                when(
                        "the route is at 0 already, by a crash: only written down",
                        progressing(2).bad("v2").routeGives(0),
                        RolledBack.class,
                        CHECK_FAILED),
                when("no ready pod", progressing(2).pods("v2", 0, 3), Waiting.class, CANDIDATE_LOST)
                        .lowering(0),
                when("no ready pod, and bad", progressing(2).bad("v2").pods("v2", 0, 3), Waiting.class, CANDIDATE_LOST)
                        .lowering(0),
                when("no endpoint", progressing(2).unreachable("v2"), Waiting.class, CANDIDATE_LOST)
                        .lowering(0),
                when("no Deployment any more", progressing(2).noDeployment("v2"), Waiting.class, CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "no ready pod while onFailure is Hold",
                                progressing(2).pods("v2", 0, 3).holdOnFailure(),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "no ready pod, for the third time",
                                progressing(2).pods("v2", 0, 3).losses(2),
                                RolledBack.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "a status behind its spec is no loss",
                                progressing(2).statusBehind("v2"),
                                Progressing.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(5)),
                when(
                                "too few pods for longer than grace",
                                progressing(2).pods("v2", 1, 3).unreadyFor(ofMinutes(5)),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "too few pods for longer than grace, and blind",
                                progressing(2)
                                        .blind(Blindness.TIMEOUT)
                                        .pods("v2", 1, 3)
                                        .unreadyFor(ofMinutes(5)),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "too few pods for less than grace",
                                progressing(2).pods("v2", 1, 3).unreadyFor(ofMinutes(4)),
                                Progressing.class,
                                CANDIDATE_NOT_READY)
                        .waking(ofMinutes(1)),
                when(
                                "blind for too long",
                                progressing(2)
                                        .blind(Blindness.TIMEOUT)
                                        .blindFor(ofMinutes(10))
                                        .rollBackWhenBlind(),
                                RolledBack.class,
                                BLIND_TOO_LONG)
                        .lowering(0),
                when("past the deadline", progressing(2).deadline(ofMinutes(20)), Halted.class, DEADLINE_EXCEEDED),
                when(
                                "past the deadline with onDeadline Rollback",
                                progressing(2).deadline(ofMinutes(20)).rollBackAtDeadline(),
                                RolledBack.class,
                                DEADLINE_EXCEEDED)
                        .lowering(0),
                when(
                                "past the deadline, and bad",
                                progressing(2).bad("v2").deadline(ofMinutes(20)).rollBackAtDeadline(),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "past the deadline, and blind for too long",
                                progressing(2)
                                        .blind(Blindness.TIMEOUT)
                                        .blindFor(ofMinutes(10))
                                        .rollBackWhenBlind()
                                        .deadline(ofMinutes(20))
                                        .rollBackAtDeadline(),
                                RolledBack.class,
                                BLIND_TOO_LONG)
                        .lowering(0),
                when(
                                "past the deadline, and above the ceiling",
                                progressing(3)
                                        .maxWeight(10)
                                        .deadline(ofMinutes(20))
                                        .rollBackAtDeadline(),
                                RolledBack.class,
                                DEADLINE_EXCEEDED)
                        .lowering(0),
                when("the ceiling is lowered to a step", progressing(3).maxWeight(10), Progressing.class, AT_MAX_WEIGHT)
                        .lowering(10),
                when(
                                "the ceiling is lowered, and the steps changed",
                                progressing(3).maxWeight(10).steps(5, 20),
                                Progressing.class,
                                AT_MAX_WEIGHT)
                        .lowering(10),
                when(
                                "the ceiling is lowered between two steps",
                                progressing(3).maxWeight(30),
                                Progressing.class,
                                AT_MAX_WEIGHT)
                        .lowering(30),
                when(
                        "the ceiling is lowered, but somebody went below it already",
                        progressing(3).maxWeight(30).routeGives(10),
                        Progressing.class,
                        AT_MAX_WEIGHT),
                when("the ceiling is lowered to 0", progressing(3).maxWeight(0), Waiting.class, AT_MAX_WEIGHT)
                        .lowering(0),
                when(
                                "the ceiling is lowered while both are unhealthy",
                                progressing(3).notComparing().bad("v1", "v2").maxWeight(10),
                                Progressing.class,
                                AT_MAX_WEIGHT)
                        .lowering(10),
                when(
                                "changed steps: the highest not above the share",
                                progressing(3).steps(5, 20),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(20),
                when(
                                "changed steps, all above the share: from the first step",
                                progressing(2).steps(20, 60),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                        "other steps beside a preset that nobody knows: the spec has to be clear first",
                        progressing(3).steps(5, 20).trouble(UNKNOWN_PRESET),
                        Progressing.class,
                        UNKNOWN_PRESET),
                when(
                        "other steps that the checks do not fit: the spec has to be clear first",
                        progressing(3).steps(5, 20).trouble(INVALID_SPEC),
                        Progressing.class,
                        INVALID_SPEC),
                when("the target is live again", progressing(3).target("v1"), Live.class, LIVE)
                        .toLive(),
                when(
                                "a third target without Deployment",
                                progressing(3).target("v3").noDeployment("v3"),
                                Live.class,
                                PROGRESSING)
                        .toLive(),
                when("another template", progressing(3).template("v2", "new"), Waiting.class, PROGRESSING)
                        .lowering(0),
                when(
                                "another template of which no pod is ready yet: nothing is lost",
                                progressing(3).template("v2", "new").pods("v2", 0, 3),
                                Waiting.class,
                                PROGRESSING)
                        .lowering(0),
                when(
                                "another template that has failed before",
                                progressing(3)
                                        .failedBefore()
                                        .attemptRemembered(2)
                                        .attempt(1),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "a longer last step is not the rest of this one",
                                progressing(3).steps(1, 10, 80),
                                Progressing.class,
                                PROGRESSING)
                        .lowering(10),
                when(
                        "an older rollout has the rule: it is not ours to lower",
                        progressing(3).target("v1").trouble(CONFLICT),
                        Progressing.class,
                        CONFLICT),
                when(
                        "taken out of the spec under traffic: its weight is not ours any more",
                        progressing(3).target("v3").notListed("v2").routeShows().routeTrouble(ROUTE_SHAPE),
                        Progressing.class,
                        ROUTE_SHAPE),
                when(
                        "taken out of the spec, the target live again: its weight is not ours any more",
                        progressing(3).target("v1").notListed("v2").routeTrouble(ROUTE_SHAPE),
                        Progressing.class,
                        ROUTE_SHAPE),
                when("listed again: lowered", progressing(3).target("v3"), Waiting.class, PROGRESSING)
                        .loweringFor("v3"),
                when(
                        "taken out of the spec, its weight set to 0 by hand: the next one begins",
                        progressing(3).target("v3").notListed("v2").routeShows(rule(100, 0, 0)),
                        Waiting.class,
                        PROGRESSING),
                when("harm without a route", progressing(2).bad("v2").noRoute(), Progressing.class, ROUTE_MISSING),
                when(
                        "harm on a route that shows none of the rules",
                        progressing(2).bad("v2").routeShows(),
                        Progressing.class,
                        ROUTE_MISSING));
    }

    private static Stream<Case> drift() {
        return Stream.of(
                when("someone raised the share: put back", progressing(2).routeGives(30), Progressing.class, DRIFTED)
                        .lowering(10),
                when(
                                "someone raised one rule of two",
                                progressing(2).routeShows(rule(90, 10, 0), rule(70, 30, 0)),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when(
                                "someone gave a third version traffic",
                                progressing(2).routeShows(rule(80, 10, 10)),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when(
                                "someone gave a part of its share to a third version: it is not given back",
                                progressing(3).routeShows(rule(50, 10, 40)),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when(
                                "someone raised the share of a bad one that is held on failure: put back",
                                progressing(2).holdOnFailure().bad("v2").routeGives(30),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when(
                                "raised again 4 seconds later: patience",
                                progressing(2).routeGives(30).driftedBefore(1, ofSeconds(4)),
                                Progressing.class,
                                DRIFTED)
                        .waking(ofSeconds(6)),
                when(
                        "someone lowered the share to a step: held there",
                        progressing(3).routeGives(10),
                        Progressing.class,
                        DRIFTED),
                when(
                                "someone lowered the share between two steps: the one below",
                                progressing(3).routeGives(37),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when("weights that are all 0", progressing(3).routeShows(rule(0, 0, 0)), Waiting.class, DRIFTED)
                        .lowering(0),
                when("someone lowered the share to 0", progressing(3).routeGives(0), Waiting.class, DRIFTED),
                when(
                        "after a crash a lower share is nobody's drift",
                        progressing(3).routeGives(10).interrupted(),
                        Progressing.class,
                        PROGRESSING),
                when(
                        "three times: contested",
                        progressing(2).routeGives(30).driftedBefore(3, ofSeconds(20)),
                        Halted.class,
                        CONTESTED),
                when(
                                "twice: put back",
                                progressing(2).routeGives(30).driftedBefore(2, ofSeconds(20)),
                                Progressing.class,
                                DRIFTED)
                        .lowering(10),
                when(
                        "three times, and now lowered: contested",
                        progressing(3).routeGives(10).driftedBefore(3, ofSeconds(20)),
                        Halted.class,
                        CONTESTED),
                when(
                        "three times, and now there is no route: nobody contests that",
                        progressing(2).noRoute().driftedBefore(3, ofSeconds(20)),
                        Progressing.class,
                        ROUTE_MISSING),
                when(
                                "three times, and now bad",
                                progressing(2).bad("v2").routeGives(30).driftedBefore(3, ofSeconds(20)),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "right after a put-back nothing rises",
                                progressing(1).driftedBefore(1, ofSeconds(4)),
                                Progressing.class,
                                DRIFTED)
                        .waking(ofSeconds(6)),
                when(
                        "no put-back onto a stable version that nobody can reach",
                        progressing(2).routeGives(30).unreachable("v1"),
                        Halted.class,
                        STABLE_UNAVAILABLE),
                when(
                        "a cut-short rise is not taken back onto such a one",
                        progressing(2).routeGives(50).interrupted().unreachable("v1"),
                        Halted.class,
                        STABLE_UNAVAILABLE));
    }

    private static Stream<Case> barred() {
        return Stream.of(
                when("the same revision stays barred", rolledBack(), RolledBack.class, CHECK_FAILED),
                when("someone gives it traffic: put back", rolledBack().routeGives(30), RolledBack.class, CHECK_FAILED)
                        .lowering(0),
                when(
                                "put back for ever",
                                rolledBack().routeGives(30).driftedBefore(3, ofSeconds(20)),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "put back although its Deployment is gone",
                                rolledBack().routeGives(30).noDeployment("v2"),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "put back at most every 10 seconds",
                                rolledBack().routeGives(30).driftedBefore(1, ofSeconds(4)),
                                RolledBack.class,
                                CHECK_FAILED)
                        .waking(ofSeconds(6)),
                when("a higher attempt", rolledBack().withoutChecks().attempt(2), Waiting.class, PROGRESSING)
                        .waking(ofSeconds(0)),
                when("another template", rolledBack().withoutChecks().template("v2", "new"), Waiting.class, PROGRESSING)
                        .waking(ofSeconds(0)),
                when("another target", rolledBack().target("v3"), Waiting.class, PROGRESSING),
                when("the target is live", rolledBack().target("v1"), Live.class, LIVE),
                when(
                        "a spec change alone changes nothing",
                        rolledBack().specChanged().maxWeight(50),
                        RolledBack.class,
                        CHECK_FAILED),
                when("no route", rolledBack().noRoute(), RolledBack.class, ROUTE_MISSING));
    }

    private static Stream<Case> halts() {
        return Stream.of(
                when("stable is back", progressing(1).halted(STABLE_UNAVAILABLE), Progressing.class, PROGRESSING)
                        .wakingAtOnce(),
                when(
                                "stable is back, the candidate bad",
                                progressing(2).bad("v2").halted(STABLE_UNAVAILABLE),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                        "stable is still away",
                        progressing(2).unreachable("v1").halted(STABLE_UNAVAILABLE),
                        Halted.class,
                        STABLE_UNAVAILABLE),
                when(
                        "stable is back, and both are bad",
                        progressing(2).notComparing().bad("v1", "v2").halted(STABLE_UNAVAILABLE),
                        Halted.class,
                        BOTH_UNHEALTHY),
                when("both well again", progressing(1).halted(BOTH_UNHEALTHY), Progressing.class, PROGRESSING)
                        .wakingAtOnce(),
                when(
                                "stable is well, the candidate not",
                                progressing(2).notComparing().bad("v2").halted(BOTH_UNHEALTHY),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                        "both still bad",
                        progressing(2).notComparing().bad("v1", "v2").halted(BOTH_UNHEALTHY),
                        Halted.class,
                        BOTH_UNHEALTHY),
                when(
                                "both still bad, the ceiling lowered",
                                progressing(3)
                                        .notComparing()
                                        .bad("v1", "v2")
                                        .maxWeight(10)
                                        .halted(BOTH_UNHEALTHY),
                                Progressing.class,
                                AT_MAX_WEIGHT)
                        .lowering(10),
                when(
                                "both still bad, the candidate lost",
                                progressing(2)
                                        .notComparing()
                                        .bad("v1", "v2")
                                        .pods("v2", 0, 3)
                                        .halted(BOTH_UNHEALTHY),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                        "held on failure: well again is not enough",
                        progressing(2).holdOnFailure().halted(HELD_ON_FAILURE),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                        "held on failure at the last step: well again is not enough",
                        progressing(3).holdOnFailure().halted(HELD_ON_FAILURE),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                        "held on failure: stable bad too is no way out",
                        progressing(2)
                                .notComparing()
                                .holdOnFailure()
                                .bad("v1", "v2")
                                .halted(HELD_ON_FAILURE),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                        "held on failure: a contested route is no way out",
                        progressing(2)
                                .holdOnFailure()
                                .routeGives(30)
                                .driftedBefore(3, ofSeconds(20))
                                .halted(HELD_ON_FAILURE),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                                "held on failure: the spec changed",
                                progressing(2)
                                        .holdOnFailure()
                                        .rememberedBad()
                                        .bad("v2")
                                        .specChanged()
                                        .halted(HELD_ON_FAILURE),
                                Progressing.class,
                                PROGRESSING)
                        .wakingAtOnce(),
                when(
                                "held on failure: the target is live again",
                                progressing(2)
                                        .holdOnFailure()
                                        .bad("v2")
                                        .target("v1")
                                        .specChanged()
                                        .halted(HELD_ON_FAILURE),
                                Live.class,
                                LIVE)
                        .toLive(),
                when(
                                "held on failure: no ready pod",
                                progressing(2)
                                        .holdOnFailure()
                                        .bad("v2")
                                        .pods("v2", 0, 3)
                                        .halted(HELD_ON_FAILURE),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "past the deadline: the spec changed",
                                progressing(2)
                                        .deadline(ofMinutes(20))
                                        .specChanged()
                                        .halted(DEADLINE_EXCEEDED),
                                Progressing.class,
                                PROGRESSING)
                        .wakingAtOnce(),
                when(
                        "past the deadline: nothing changed",
                        progressing(2).deadline(ofMinutes(20)).halted(DEADLINE_EXCEEDED),
                        Halted.class,
                        DEADLINE_EXCEEDED),
                when(
                                "past the deadline, then bad",
                                progressing(2).deadline(ofMinutes(20)).bad("v2").halted(DEADLINE_EXCEEDED),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "too few pods for longer than grace",
                                progressing(2)
                                        .holdOnFailure()
                                        .pods("v2", 1, 3)
                                        .unreadyFor(ofMinutes(5))
                                        .halted(HELD_ON_FAILURE),
                                Waiting.class,
                                CANDIDATE_LOST)
                        .lowering(0),
                when(
                                "too few pods: looked at again at the end of grace",
                                progressing(2)
                                        .holdOnFailure()
                                        .bad("v2")
                                        .pods("v2", 1, 3)
                                        .halted(HELD_ON_FAILURE),
                                Halted.class,
                                HELD_ON_FAILURE)
                        .waking(ofMinutes(5)),
                when(
                        "contested: left alone",
                        progressing(2)
                                .routeGives(30)
                                .driftedBefore(3, ofMinutes(1))
                                .halted(CONTESTED),
                        Halted.class,
                        CONTESTED),
                when(
                        "contested: left alone when the changes are long ago",
                        progressing(2)
                                .routeGives(30)
                                .driftedBefore(3, ofMinutes(9))
                                .halted(CONTESTED),
                        Halted.class,
                        CONTESTED),
                when(
                        "contested: left alone after a restart",
                        progressing(3).routeGives(10).interrupted().halted(CONTESTED),
                        Halted.class,
                        CONTESTED),
                when(
                        "contested: a share lowered to 0 is left alone after a restart",
                        progressing(3).routeGives(0).interrupted().halted(CONTESTED),
                        Halted.class,
                        CONTESTED),
                when(
                                "contested: the stored split shows again",
                                progressing(2).driftedBefore(3, ofMinutes(1)).halted(CONTESTED),
                                Halted.class,
                                CONTESTED)
                        .waking(ofMinutes(10)),
                when(
                                "contested before the first weight: the stored split shows again, and nothing rises",
                                waiting().driftedBefore(3, ofMinutes(1)).halted(CONTESTED),
                                Halted.class,
                                CONTESTED)
                        .waking(ofMinutes(10)),
                when(
                                "contested: the stored split has shown for 4 minutes",
                                progressing(2).settledFor(ofMinutes(4)).halted(CONTESTED),
                                Halted.class,
                                CONTESTED)
                        .waking(ofMinutes(6)),
                when(
                                "contested: the stored split has shown for 10 minutes",
                                progressing(2).settledFor(ofMinutes(10)).halted(CONTESTED),
                                Progressing.class,
                                PROGRESSING)
                        .wakingAtOnce(),
                when(
                                "contested: the spec changed",
                                progressing(2)
                                        .routeGives(30)
                                        .driftedBefore(3, ofMinutes(1))
                                        .specChanged()
                                        .halted(CONTESTED),
                                Progressing.class,
                                PROGRESSING)
                        .wakingAtOnce(),
                when(
                                "contested: bad",
                                progressing(2)
                                        .bad("v2")
                                        .routeGives(30)
                                        .driftedBefore(3, ofMinutes(1))
                                        .halted(CONTESTED),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "contested, the stored split shows again, and it is bad",
                                progressing(2)
                                        .bad("v2")
                                        .settledFor(ofMinutes(4))
                                        .halted(CONTESTED),
                                RolledBack.class,
                                CHECK_FAILED)
                        .lowering(0),
                when(
                                "held on failure: a foreign rise is put back, and no way out",
                                progressing(2).holdOnFailure().routeGives(30).halted(HELD_ON_FAILURE),
                                Halted.class,
                                HELD_ON_FAILURE)
                        .lowering(10),
                when(
                        "held on failure: a foreign decrease is held, and no way out",
                        progressing(3).holdOnFailure().routeGives(10).halted(HELD_ON_FAILURE),
                        Halted.class,
                        HELD_ON_FAILURE),
                when(
                        "halted, taken out of the spec: nothing to be done",
                        progressing(3)
                                .target("v3")
                                .specChanged()
                                .notListed("v2")
                                .routeShows()
                                .routeTrouble(ROUTE_SHAPE)
                                .halted(STABLE_UNAVAILABLE),
                        Progressing.class,
                        ROUTE_SHAPE),
                when(
                                "contested while waiting: the target is live again",
                                waiting()
                                        .routeGives(30)
                                        .target("v1")
                                        .specChanged()
                                        .halted(CONTESTED),
                                Live.class,
                                LIVE)
                        .toLive());
    }

    @TestFactory
    Stream<DynamicTest> of_several_reasons_the_first_is_told() {
        return Stream.of(
                told(
                        "live cannot be reached, and has no Deployment",
                        live().unreachable("v1").noDeployment("v1"),
                        DEPLOYMENT_MISSING),
                told(
                        "live cannot be reached, right after a foreign change",
                        live().unreachable("v1").driftedBefore(1, ofSeconds(4)),
                        LIVE_UNAVAILABLE),
                told(
                        "right after a foreign change, not served yet",
                        live().driftedBefore(1, ofSeconds(4)).unprogrammed(),
                        DRIFTED),
                told(
                        "waiting: no provider, and nobody reaches stable",
                        waiting().trouble(UNKNOWN_PROVIDER).unreachable("v1"),
                        UNKNOWN_PROVIDER),
                told(
                        "waiting: nobody reaches stable, right after a foreign change",
                        waiting().unreachable("v1").driftedBefore(1, ofSeconds(4)),
                        STABLE_UNAVAILABLE),
                told(
                        "waiting: right after a foreign change, and not ready",
                        waiting().driftedBefore(1, ofSeconds(4)).pods("v2", 2, 3),
                        DRIFTED),
                told(
                        "waiting: not ready, and not served",
                        waiting().pods("v2", 2, 3).unprogrammed(),
                        CANDIDATE_NOT_READY),
                told("waiting: not served, and paused", waiting().unprogrammed().paused(), ROUTE_NOT_PROGRAMMED),
                told("waiting: paused, under a ceiling of 0", waiting().paused().maxWeight(0), PAUSED),
                told(
                        "waiting: under a ceiling of 0, and blind",
                        waiting().maxWeight(0).blind(Blindness.TIMEOUT),
                        AT_MAX_WEIGHT),
                told(
                        "held on failure, and served late",
                        progressing(2).holdOnFailure().bad("v2").wasUnprogrammed(),
                        HELD_ON_FAILURE),
                told(
                        "both bad, and past the deadline",
                        progressing(2).notComparing().bad("v1", "v2").deadline(ofMinutes(20)),
                        BOTH_UNHEALTHY),
                told(
                        "served late, and no provider",
                        progressing(1).wasUnprogrammed().trouble(UNKNOWN_PROVIDER),
                        PROGRESSING),
                told(
                        "no provider, right after a foreign change",
                        progressing(1).trouble(UNKNOWN_PROVIDER).driftedBefore(1, ofSeconds(4)),
                        UNKNOWN_PROVIDER),
                told(
                        "right after a foreign change, and not ready",
                        progressing(1).driftedBefore(1, ofSeconds(4)).pods("v2", 2, 3),
                        DRIFTED),
                told(
                        "not ready, and stable is another",
                        progressing(1).pods("v2", 2, 3).template("v1", "new"),
                        CANDIDATE_NOT_READY),
                told(
                        "stable is another, and not served",
                        progressing(1).template("v1", "new").unprogrammed(),
                        PROGRESSING),
                told("not served, and paused", progressing(1).unprogrammed().paused(), ROUTE_NOT_PROGRAMMED),
                told("still not served", progressing(1).wasUnprogrammed().unprogrammed(), ROUTE_NOT_PROGRAMMED),
                told("at the ceiling, and blind", progressing(2).maxWeight(10).blind(Blindness.TIMEOUT), AT_MAX_WEIGHT),
                told(
                        "blind, and not held long enough",
                        progressing(1).blind(Blindness.TIMEOUT).begun(ofMinutes(4)),
                        BLIND));
    }

    private static DynamicTest told(String sentence, Scene scene, Reason first) {
        return dynamicTest(sentence, () -> assertThat(scene.decide().reason()).isEqualTo(first));
    }

    /** From which version, to which, what weight it has then, and on what that rests. */
    @TestFactory
    Stream<DynamicTest> a_move_says() {
        var putBack = "someone else changed the weights of HTTPRoute chat; put back to ";
        var asItStands = "the route was read as it stands: v2 goes on from 10 %";
        var safe = "errors 0.01 against 0.01 of v1, within limits 40 times in a row";
        var bad =
                "check errors: v2 0.5, v1 0.01; limit: max 0.02, maxDifference 0.1, beyond it for 40 readings in a row";
        return Stream.of(
                moves(unseen().routeGives(37), Action.LOWER, "Progressing", "v2", 10, asItStands),
                moves(
                        unseen().routeGives(50).maxWeight(30),
                        Action.LOWER,
                        "Progressing",
                        "v2",
                        30,
                        "the route was read as it stands: v2 goes on from 30 %"),
                moves(live().routeGives(30), Action.LOWER, "Drifted", "v1", 100, putBack + "100 % for v1"),
                moves(
                        live().routeGives(30).driftedBefore(3, ofSeconds(20)),
                        Action.HOLD,
                        "Contested",
                        "v1",
                        100,
                        "Someone else keeps changing the weights of HTTPRoute chat: it is left alone. Stop the other"
                                + " writer (a GitOps tool that resets weights needs an ignore rule), then change the"
                                + " spec, or leave the weights as they were for 10 minutes."),
                moves(waiting(), Action.RAISE, "Progressing", "v2", 1, "pods are ready, checks answer"),
                moves(waiting().routeGives(30), Action.LOWER, "Drifted", "v2", 0, putBack + "0 % for v2"),
                moves(waiting().target("v1"), Action.ABORT, "Aborted", "v2", 0, "spec.target is v1 again"),
                moves(progressing(1), Action.RAISE, "Progressing", "v2", 10, safe),
                moves(progressing(3), Action.PROMOTE, "Promoted", "v2", 100, safe),
                moves(progressing(2).routeGives(30), Action.LOWER, "Drifted", "v2", 10, putBack + "10 % for v2"),
                moves(progressing(3).routeGives(10), Action.LOWER, "Drifted", "v2", 10, asItStands),
                moves(
                        progressing(3).steps(5, 20).routeGives(5),
                        Action.LOWER,
                        "Progressing",
                        "v2",
                        5,
                        "the route was read as it stands: v2 goes on from 5 %"),
                moves(progressing(3).maxWeight(10), Action.LOWER, "AtMaxWeight", "v2", 10, "spec.maxWeight is 10"),
                moves(
                        progressing(3).template("v2", "new"),
                        Action.LOWER,
                        "Progressing",
                        "v2",
                        0,
                        "the target is now v2 in another revision than the one that had traffic"),
                moves(
                        progressing(3).target("v3"),
                        Action.LOWER,
                        "Progressing",
                        "v2",
                        0,
                        "the target is now v3 in another revision than the one that had traffic"),
                moves(
                        progressing(2).pods("v2", 0, 3),
                        Action.LOWER,
                        "CandidateLost",
                        "v2",
                        0,
                        "v2 has no ready pod under traffic"),
                moves(progressing(2).bad("v2"), Action.ROLL_BACK, "CheckFailed", "v2", 0, bad),
                moves(progressing(2).bad("v2").routeGives(0), Action.ROLL_BACK, "CheckFailed", "v2", 0, bad),
                moves(
                        progressing(2)
                                .bad("v2")
                                .withABlindCheck()
                                .blindFor(ofMinutes(10))
                                .rollBackWhenBlind(),
                        Action.ROLL_BACK,
                        "CheckFailed",
                        "v2",
                        0,
                        bad),
                moves(
                        progressing(2).bad("v2").unreachable("v1"),
                        Action.HOLD,
                        "StableUnavailable",
                        "v2",
                        10,
                        Transitions.nobodyServes("v1")),
                moves(
                        progressing(2).unreachable("v1"),
                        Action.HOLD,
                        "StableUnavailable",
                        "v2",
                        10,
                        Transitions.nobodyServes("v1")));
    }

    private static DynamicTest moves(
            Scene scene, Action action, String reason, String to, int weight, String evidence) {
        return dynamicTest(
                action.text() + " to " + weight + " %: " + evidence,
                () -> assertThat(scene.decide().move())
                        .isEqualTo(new Move(NOW, action, reason, "v1", to, weight, evidence)));
    }

    @Test
    void a_rollout_that_begins_says_which_revision() {
        var decision = live().target("v2").attempt(3).decide();

        var begun = (Waiting) decision.next();
        var revision = begun.candidate().revision();
        assertThat(begun.candidate()).isEqualTo(new Candidate("v2", revision, 3, NOW, null, 0));
        assertThat(begun.since()).isEqualTo(NOW);
        assertThat(decision.move())
                .isEqualTo(new Move(NOW, Action.START, "Progressing", "v1", "v2", 0, "revision " + revision.id()));
    }

    @TestFactory
    Stream<DynamicTest> the_newest_of_the_history_is_what_moved() {
        return Stream.of(adoption(), idle(), noTraffic(), wayUp(), wayDown(), drift(), barred(), halts())
                .flatMap(cases -> cases)
                .map(one -> dynamicTest(one.sentence(), () -> {
                    var decision = one.scene().decide();

                    var before = history(one.scene().state());
                    var after = history(decision.next());
                    if (decision.move() == null) {
                        assertThat(after).isEqualTo(before);
                    } else {
                        assertThat(after).hasSizeGreaterThan(before.size()).startsWith(decision.move());
                    }
                }));
    }

    private static List<Move> history(RolloutState state) {
        return state instanceof Known known ? known.ledger().history() : List.of();
    }

    /** What is, since when, and what ends it. */
    @TestFactory
    Stream<DynamicTest> says() {
        return Stream.of(
                        Map.entry(
                                waiting().pods("v2", 2, 3),
                                "Waiting since 2026-03-01T11:40:00Z for 100% of the pods of Deployment chat-v2 to be"
                                        + " ready: 2 of 3 are."),
                        Map.entry(
                                waiting().unreachable("v2").begun(ofMinutes(30)),
                                "Waiting since 2026-03-01T11:30:00Z for 100% of the pods of Deployment chat-v2 to be"
                                        + " ready: 3 of 3 are, and its backend has no ready endpoint; longer than"
                                        + " health.deadline."),
                        Map.entry(
                                progressing(2).pods("v2", 0, 3),
                                "Lost: v2 has no ready pod under traffic. Its weight is 0; it starts again from the"
                                        + " first step when it is ready."),
                        Map.entry(
                                progressing(2).pods("v2", 2, 3).unreadyFor(ofMinutes(5)),
                                "Lost: fewer than 100% of the pods of v2 have been ready since 2026-03-01T11:55:00Z."
                                        + " Its weight is 0; it starts again from the first step when it is ready."),
                        Map.entry(
                                progressing(2).pods("v2", 2, 3).unreadyFor(ofMinutes(4)),
                                "Fewer than 100% of the pods of v2 are ready since 2026-03-01T11:56:00Z: the weight"
                                        + " stays at 10 % until 2026-03-01T12:01:00Z, then it is lost."),
                        Map.entry(
                                progressing(2).pods("v2", 3, 6),
                                "Fewer than 100% of the pods of v2 are ready: the weight stays at 10 %."),
                        Map.entry(
                                progressing(1).withoutChecks(),
                                "Raised v2 to 10 %: held 1 % since 2026-03-01T11:40:00Z, pods are ready."),
                        Map.entry(
                                progressing(1),
                                "Raised v2 to 10 %: errors 0.01 against 0.01 of v1, within limits 40 times in a row."),
                        Map.entry(progressing(3), "v2 serves all traffic."),
                        Map.entry(progressing(3).target("v1"), "v1 serves all traffic."),
                        Map.entry(
                                live().unreachable("v1"),
                                "v1 serves all traffic but has no ready endpoint. It is well again as soon as a pod of"
                                        + " Deployment chat-v1 is ready."),
                        Map.entry(
                                live().target("v2").notListed("v1"),
                                "v1 serves traffic: keep it in spec.versions until another version is live."),
                        Map.entry(
                                waiting().unreachable("v1"),
                                "Stable v1 has no ready endpoint: it goes on when it has one."),
                        Map.entry(
                                unseen().routeGives(37).unreachable("v1"),
                                "Stable v1 has no ready endpoint: the weights stay as they are until it has one. To"
                                        + " give up on it, delete the ModelRollout, set the route by hand and create it"
                                        + " again."),
                        Map.entry(
                                live().unprogrammed(),
                                "HTTPRoute chat is not served as written: Accepted is False. It goes on when its"
                                        + " gateway accepts it."),
                        Map.entry(
                                live().driftedBefore(1, ofSeconds(4)),
                                "Someone else changed the weights; last seen at 2026-03-01T11:59:56Z. It goes on 10s"
                                        + " after the last such change."),
                        Map.entry(
                                waiting().blind(Blindness.TIMEOUT),
                                "Check errors: no answer for v2 (Timeout, provider default). The first weight waits"
                                        + " until answers return; Waiting since 2026-03-01T11:40:00Z."),
                        Map.entry(waiting().paused(), "v2 is prepared: set spec.paused to false to go on."),
                        Map.entry(
                                waiting().maxWeight(0),
                                "v2 is prepared: raise spec.maxWeight above 0 to give it traffic."),
                        Map.entry(progressing(1).paused(), "Paused at 1 %: set spec.paused to false to go on."),
                        Map.entry(progressing(2).maxWeight(10), "v2 stays at 10 %: raise spec.maxWeight to go on."),
                        Map.entry(progressing(3).maxWeight(10), "Lowered to 10 %: spec.maxWeight is 10."),
                        Map.entry(
                                progressing(3).maxWeight(30).routeGives(10), "Lowered to 10 %: spec.maxWeight is 30."),
                        Map.entry(
                                progressing(1).template("v1", "new"),
                                "Stable v1 changed: the comparison and the hold start anew at 1 %."),
                        Map.entry(
                                progressing(2).bad("v2").holdOnFailure(),
                                "Held at 10 % because onFailure is Hold: check errors: v2 0.5, v1 0.01; limit: max 0.02,"
                                        + " maxDifference 0.1, beyond it for 40 readings in a row. Set spec.target back"
                                        + " to v1 to take it back, or change the spec to go on."),
                        Map.entry(
                                progressing(2).begun(ofMinutes(4)),
                                "Holding 10 % until 2026-03-01T12:06:00Z at the earliest."),
                        Map.entry(
                                progressing(1).blind(Blindness.TIMEOUT).blindFor(ofMinutes(4)),
                                "Check errors: no answer since 2026-03-01T11:56:00Z (Timeout, provider default). Weight"
                                        + " stays at 1 %; it goes on when answers return."),
                        Map.entry(
                                progressing(2).deadline(ofMinutes(20)),
                                "Halted at 10 %: the rollout was not done by its deadline, 2026-03-01T12:00:00Z. Change"
                                        + " the spec to go on (raise spec.deadline), or set spec.target back to v1."),
                        Map.entry(
                                progressing(2)
                                        .blind(Blindness.TIMEOUT)
                                        .blindFor(ofMinutes(11))
                                        .rollBackWhenBlind(),
                                "Rolled back at 10 %: no verdict to be had since 2026-03-01T11:49:00Z. To try again:"
                                        + " raise spec.attempt to 2."))
                .map(said -> dynamicTest(
                        said.getValue(),
                        () -> assertThat(said.getKey().decide().message()).isEqualTo(said.getValue())));
    }

    @Test
    void who_waits_is_told_whether_it_goes_on_by_itself() {
        assertThat(reasons(Standing.READY)).containsExactly(LIVE);
        assertThat(reasons(Standing.STALLED)).isEqualTo(EnumSet.range(INVALID_SPEC, HELD_ON_FAILURE));
        assertThat(reasons(Standing.RECONCILING)).isEqualTo(EnumSet.range(DRIFTED, PROGRESSING));
    }

    private static EnumSet<Reason> reasons(Standing standing) {
        return EnumSet.allOf(Reason.class).stream()
                .filter(reason -> reason.standing() == standing)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));
    }

    @Test
    void past_the_readiness_deadline_it_is_stalled() {
        var decision = waiting().pods("v2", 0, 3).begun(ofMinutes(30)).decide();

        assertThat(decision.standing()).isEqualTo(Standing.STALLED);
    }

    @Test
    void a_contested_route_that_is_changed_again_has_to_settle_anew() {
        var decision = progressing(2)
                .routeGives(30)
                .driftedBefore(3, ofMinutes(1))
                .settledFor(ofMinutes(4))
                .halted(CONTESTED)
                .decide();

        assertThat(((Halted) decision.next()).settledSince()).isNull();
    }

    @Test
    void a_contested_route_settles_from_when_it_shows_the_stored_split() {
        var next = progressing(2)
                .driftedBefore(3, ofMinutes(1))
                .halted(CONTESTED)
                .decide()
                .next();

        assertThat(((Halted) next).settledSince()).isEqualTo(NOW);
    }

    @Test
    void a_halt_is_of_this_spec_and_begins_now() {
        var decision = progressing(2).unreachable("v1").specChanged().decide();

        var halted = (Halted) decision.next();
        assertThat(halted).isEqualTo(new Halted(halted.at(), STABLE_UNAVAILABLE, decision.message(), 2, NOW, null));
        assertThat(halted.at()).isInstanceOf(Progressing.class);
    }

    @Test
    void a_halt_that_lasts_stays_the_same() {
        var scene = progressing(2).holdOnFailure().bad("v2").halted(HELD_ON_FAILURE);
        var before = (Halted) scene.state();

        var decision = scene.decide();

        var after = (Halted) decision.next();
        assertThat(after)
                .isEqualTo(new Halted(
                        after.at(), HELD_ON_FAILURE, "halted before", before.generation(), before.since(), null));
        assertThat(decision.message()).isEqualTo("halted before");
    }

    @Test
    void a_halted_rollout_whose_weight_is_put_back_is_stalled_as_before() {
        var decision = progressing(2)
                .holdOnFailure()
                .routeGives(30)
                .halted(HELD_ON_FAILURE)
                .decide();

        assertThat(decision.standing()).isEqualTo(Standing.STALLED);
        assertThat(decision.message()).isEqualTo("halted before");
    }

    @Test
    void a_halted_rollout_sees_the_metrics_as_they_answer() {
        var blind = progressing(2).blind(Blindness.TIMEOUT).halted(HELD_ON_FAILURE);

        assertThat(blind.decide().sight()).isEqualTo(new Decision.Sight(true, Blindness.TIMEOUT));
        assertThat(progressing(2).halted(HELD_ON_FAILURE).decide().sight()).isEqualTo(Decision.Sight.ANSWERED);
    }

    @Test
    void what_is_at_rest_asks_nothing() {
        assertThat(Stream.of(live(), rolledBack()).map(Scene::decide))
                .allMatch(decision -> Decision.Sight.NOT_ASKED.equals(decision.sight()))
                .allMatch(decision -> decision.wanted().questions().isEmpty());
    }

    @Test
    void what_has_failed_goes_on_saying_why() {
        assertThat(rolledBack().decide().message()).isEqualTo("it was bad");
        assertThat(rolledBack().routeGives(30).decide().message()).isEqualTo("it was bad");
    }

    @Test
    void the_newest_reading_is_fresh_for_a_minute_or_two_intervals_where_these_are_longer() {
        assertThat(freshness(ofSeconds(15))).isEqualTo(ofMinutes(1));
        assertThat(freshness(ofMinutes(2))).isEqualTo(ofMinutes(4));
    }

    private static Duration freshness(Duration interval) {
        return new Analysis("default", interval, Duration.ZERO, List.of()).freshness();
    }

    @Test
    void a_spec_change_that_ends_a_contest_is_not_undone_by_the_changes_before_it() {
        var scene = progressing(2)
                .routeGives(30)
                .moved(Action.HOLD, CONTESTED, ofSeconds(50))
                .driftedBefore(3, ofMinutes(1))
                .specChanged()
                .halted(CONTESTED);

        var decision = scene.decide(scene.decide().next());

        assertThat(decision.reason()).isEqualTo(DRIFTED);
    }

    @Test
    void a_halted_rollout_remembers_since_when_pods_are_missing() {
        var decision = progressing(2)
                .holdOnFailure()
                .bad("v2")
                .pods("v2", 1, 3)
                .halted(HELD_ON_FAILURE)
                .decide();

        assertThat(((Progressing) ((Halted) decision.next()).at()).patience().unreadySince())
                .isEqualTo(NOW);
    }

    @Test
    void what_is_over_says_so_in_one_write() {
        var ends = Stream.of(
                progressing(3), progressing(2).bad("v2"), progressing(2).target("v1"));

        assertThat(ends.map(Scene::decide)).extracting(Decision::sight).containsOnly(Decision.Sight.NOT_ASKED);
    }

    @Test
    void before_the_first_weight_the_metrics_are_seen_as_they_answer() {
        assertThat(waiting().withoutChecks().decide().sight()).isEqualTo(Decision.Sight.NOT_ASKED);
        assertThat(waiting().begun(Duration.ZERO).decide().sight()).isNull();
        assertThat(waiting().answers("v1", NOT_YET).decide().sight()).isNull();
        assertThat(waiting().blind(Blindness.TIMEOUT).decide().sight())
                .isEqualTo(new Decision.Sight(true, Blindness.TIMEOUT));
        assertThat(waiting().decide().sight()).isEqualTo(Decision.Sight.ANSWERED);
    }

    @Test
    void what_somebody_else_did_to_the_route_is_answered_on_a_fresh_look_alone() {
        var drifts = Stream.of(
                live().routeGives(30),
                waiting().routeGives(30),
                progressing(2).routeGives(30),
                progressing(3).routeGives(10),
                progressing(2).routeGives(30).driftedBefore(3, ofSeconds(20)),
                progressing(2).routeGives(50).interrupted().paused(),
                progressing(2).holdOnFailure().routeGives(30).halted(HELD_ON_FAILURE),
                rolledBack().routeGives(30));

        assertThat(drifts.map(Scene::decide)).allMatch(Decision::confirm);
    }

    @Test
    void what_is_put_back_changes_nothing_else() {
        var waited = (Waiting) waiting().routeGives(30).losses(1).decide().next();
        var climbed = (Progressing) progressing(2)
                .routeGives(30)
                .enteredWithReplicas(2)
                .unreadyFor(ofMinutes(1))
                .pods("v2", 1, 3)
                .decide()
                .next();
        var failed = rolledBack();

        assertThat(waited).isEqualTo(((Waiting) waiting().losses(1).state()).with(waited.ledger()));
        assertThat(waited.candidate().losses()).isEqualTo(1);
        assertThat(climbed)
                .isEqualTo(new Progressing(
                        climbed.ledger(),
                        ((Progressing) progressing(2).state()).candidate(),
                        new Rung(2, 10, 10),
                        NOW.minus(ofMinutes(20)),
                        2,
                        "t1",
                        climbed.measurements(),
                        new Patience(null, Duration.ZERO, NOW.minus(ofMinutes(1)), false)));
        assertThat(climbed.measurements().byCheck()).isNotEmpty();
        assertThat(failed.routeGives(30).decide().next()).isInstanceOfSatisfying(RolledBack.class, next -> {
            assertThat(next.tombstone()).isEqualTo(((RolledBack) failed.state()).tombstone());
            assertThat(next.candidate()).isEqualTo(((RolledBack) failed.state()).candidate());
        });
    }

    @Test
    void what_has_failed_stays_barred_when_another_version_goes_live() {
        var promoted = progressing(3)
                .attempt(2)
                .attemptRemembered(2)
                .failedBefore()
                .decide()
                .next();

        assertThat(promoted).isInstanceOf(Live.class);
        assertThat(((Live) promoted).ledger().tombstones()).hasSize(1);
    }

    @Test
    void a_loss_is_counted() {
        var decision = progressing(2).losses(1).pods("v2", 0, 3).decide();

        assertThat(((Waiting) decision.next()).candidate().losses()).isEqualTo(2);
    }

    @Test
    void a_loss_changes_nothing_else_of_the_candidate() {
        var scene = progressing(2).attemptRemembered(3).attempt(3).losses(1).pods("v2", 0, 3);
        var before = ((Progressing) scene.state()).candidate();

        var after = ((Waiting) scene.decide().next()).candidate();

        var began = NOW.minus(ofMinutes(20));
        assertThat(after).isEqualTo(new Candidate("v2", before.revision(), 3, began, began, 2));
    }

    @Test
    void another_revision_begins_from_nothing() {
        var next = (Waiting)
                progressing(3).losses(2).template("v2", "new").decide().next();

        assertThat(next.since()).isEqualTo(NOW);
        assertThat(next.candidate())
                .isEqualTo(new Candidate("v2", next.candidate().revision(), 1, NOW, null, 0));
    }

    @Test
    void a_split_that_is_adopted_is_held_from_now_on() {
        var next = (Progressing) unseen().routeGives(10).decide().next();

        assertThat(next)
                .isEqualTo(new Progressing(
                        next.ledger(),
                        new Candidate("v2", next.candidate().revision(), 1, NOW, NOW, 0),
                        new Rung(2, 10, 10),
                        NOW,
                        3,
                        "t1",
                        Measurements.NONE,
                        Patience.NONE));
        assertThat(next.ledger().live()).isEqualTo("v1");
    }

    @Test
    void a_higher_step_is_borne_and_judged_from_nothing() {
        var next =
                (Progressing) progressing(1).wasBlindFor(ofMinutes(3)).decide().next();

        assertThat(next.rung()).isEqualTo(new Rung(2, 10, 10));
        assertThat(next.since()).isEqualTo(NOW);
        assertThat(next.stableTemplate()).isEqualTo("t1");
        assertThat(next.patience()).isEqualTo(Patience.NONE);
        assertThat(within(next)).isZero();
    }

    private static int within(Progressing climbing) {
        return Objects.requireNonNull(climbing.measurements().byCheck().get("errors"))
                .fold(gauge -> gauge.readings().within(), counts -> -1);
    }

    @Test
    void without_traffic_it_waits_from_now_on() {
        var lost = progressing(2).pods("v2", 0, 3).decide().next();
        var noneAllowed = progressing(3).maxWeight(0).decide().next();

        assertThat(((Waiting) lost).since()).isEqualTo(NOW);
        assertThat(((Waiting) noneAllowed).since()).isEqualTo(NOW);
    }

    @Test
    void a_rise_leaves_the_deadline_where_it_was() {
        var next = (Progressing) progressing(1).decide().next();

        assertThat(next.candidate().deadlineFrom()).isEqualTo(NOW.minus(ofMinutes(20)));
    }

    @Test
    void the_candidates_pods_are_counted_when_a_weight_begins() {
        var first = waiting().pods("v1", 5, 5);
        var lower = progressing(3).enteredWithReplicas(1).maxWeight(10);

        var halfReady = waiting().pods("v2", 2, 3).minReady(50);

        assertThat(Stream.of(first, lower, halfReady)
                        .map(scene -> ((Progressing) scene.decide().next()).replicas()))
                .containsOnly(3);
    }

    @Test
    void a_weight_that_is_held_anew_keeps_what_was_measured() {
        var otherSteps = progressing(2).steps(10, 40);
        var takenLate = progressing(1).wasUnprogrammed();
        var underCeiling = progressing(3).maxWeight(10);
        var lowered = progressing(3).routeGives(10);

        for (var scene : List.of(otherSteps, takenLate, underCeiling, lowered)) {
            var next = (Progressing)
                    scene.answers("v2").rememberedSafe(ofSeconds(20)).decide().next();

            assertThat(next.since()).isEqualTo(NOW);
            assertThat(next.measurements().byCheck()).isNotEmpty();
        }
    }

    @Test
    void a_third_loss_stays_stalled() {
        var lost = progressing(2).losses(2).pods("v2", 0, 3).decide();

        assertThat(lost.next()).isInstanceOf(RolledBack.class);
        assertThat(lost.standing()).isEqualTo(Standing.STALLED);
        assertThat(waiting().decide(lost.next()).standing()).isEqualTo(Standing.STALLED);
    }

    @Test
    void a_revision_that_was_lost_three_times_is_stalled_at_once_when_it_is_wanted_again() {
        var lost =
                (RolledBack) progressing(2).losses(2).pods("v2", 0, 3).decide().next();
        var another = progressing(2).attemptRemembered(2);

        var decision = another.decide(((Progressing) another.state()).with(lost.ledger()));

        assertThat(decision.reason()).isEqualTo(CANDIDATE_LOST);
        assertThat(decision.standing()).isEqualTo(Standing.STALLED);
    }

    @Test
    void another_stable_is_compared_from_the_beginning() {
        var next = (Progressing) progressing(1)
                .answers("v2")
                .rememberedSafe(ofSeconds(20))
                .template("v1", "new")
                .decide()
                .next();

        assertThat(next.measurements()).isEqualTo(Measurements.NONE);
        assertThat(next.since()).isEqualTo(NOW);
    }

    @Test
    void a_spec_change_that_ends_a_halt_gives_the_whole_deadline_and_forgets_only_what_was_measured() {
        var next = (Progressing) progressing(2)
                .losses(2)
                .holdOnFailure()
                .rememberedBad()
                .bad("v2")
                .specChanged()
                .halted(HELD_ON_FAILURE)
                .decide()
                .next();

        var began = NOW.minus(ofMinutes(20));
        assertThat(next.candidate())
                .isEqualTo(new Candidate("v2", next.candidate().revision(), 1, began, NOW, 2));
        assertThat(next.since()).isEqualTo(NOW);
        assertThat(next.measurements()).isEqualTo(Measurements.NONE);
    }

    @Test
    void a_gateway_is_late_after_five_seconds() {
        assertThat(patienceAfter(ofSeconds(4)).unprogrammed()).isFalse();
        assertThat(patienceAfter(ofSeconds(5)).unprogrammed()).isTrue();
    }

    private static Patience patienceAfter(Duration write) {
        var decision = progressing(1)
                .unprogrammed()
                .begun(write)
                .moved(Action.RAISE, PROGRESSING, write)
                .decide();
        return ((Progressing) decision.next()).patience();
    }

    @Test
    void what_ends_a_halt_keeps_asking() {
        var decision = progressing(1).halted(STABLE_UNAVAILABLE).decide();

        assertThat(decision.wanted().questions()).hasSize(2);
    }

    @Test
    void a_rise_that_is_taken_back_does_not_begin_the_hold_anew() {
        var scene = progressing(2).routeGives(50).interrupted().paused();

        var decision = scene.decide().answeredAt(NOW.plusSeconds(1));

        assertThat(((Progressing) decision.next()).since()).isEqualTo(NOW.minus(ofMinutes(20)));
    }

    @Test
    void a_rise_begins_with_the_answer_to_its_write() {
        var decision = progressing(2).decide().answeredAt(NOW.plusSeconds(1));

        assertThat(((Progressing) decision.next()).since()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void the_answer_to_a_write_changes_nothing_but_when_it_began() {
        var raised = progressing(2).pods("v2", 5, 5);
        var putBack = progressing(2).routeGives(30).unreadyFor(ofMinutes(1)).pods("v2", 1, 3);

        for (var scene : List.of(raised, putBack)) {
            assertThat(scene.decide().answeredAt(NOW.plusSeconds(1)).next())
                    .usingRecursiveComparison()
                    .ignoringFields("since")
                    .isEqualTo(scene.decide().next());
        }
    }

    @Test
    void changed_steps_with_the_same_share_are_held_anew_once() {
        var scene = progressing(2).steps(10, 40);
        var held = (Progressing) scene.decide().next();

        assertThat(held.rung()).isEqualTo(new Rung(1, 10, 10));
        assertThat(scene.decide(held).message()).doesNotContain("steps changed");
    }

    @Test
    void a_step_between_that_is_new_is_not_passed_over() {
        var fiveAndTwenty = progressing(3).cutTo(30).maxWeight(30).steps(5, 20);
        var cutOfAll = (Progressing) fiveAndTwenty.decide().next();
        var next = (Progressing)
                progressing(3).maxWeight(80).steps(20, 60).decide(cutOfAll).next();

        assertThat(cutOfAll.rung()).isEqualTo(new Rung(3, 100, 30));
        assertThat(next.rung()).isEqualTo(new Rung(1, 20, 20));
    }

    @Test
    void changed_steps_keep_the_weight_under_the_ceiling() {
        var decision = progressing(3).cutTo(30).maxWeight(30).steps(10, 60).decide();

        assertThat(decision.change()).isEmpty();
        assertThat(((Progressing) decision.next()).rung()).isEqualTo(new Rung(2, 60, 30));
    }

    @Test
    void a_weight_that_a_person_lowers_to_0_is_no_loss() {
        var decision = progressing(3).maxWeight(0).losses(1).decide();

        assertThat(((Waiting) decision.next()).candidate().losses()).isEqualTo(1);
    }

    @Test
    void every_rise_asks_for_a_fresh_look() {
        var rises = Stream.concat(noTraffic(), wayUp())
                .map(one -> one.scene().decide())
                .filter(decision -> decision.change().filter(Write::up).isPresent());

        assertThat(rises).isNotEmpty().allMatch(Decision::confirm);
    }

    @Test
    void what_is_live_is_told_from_a_fresh_look() {
        assertThat(adoption().map(one -> one.scene().decide()).filter(seen -> seen.next() instanceof Known))
                .isNotEmpty()
                .allMatch(Decision::confirm);
    }

    @Test
    void the_end_of_the_hold_moves_while_it_is_blind() {
        var blind = progressing(1).begun(ofMinutes(6)).blind(Blindness.STALE).blindFor(ofMinutes(4));

        assertThat(((Progressing) blind.decide().next()).holdUntil(blind.plan(), NOW))
                .isEqualTo(NOW.plus(ofMinutes(8)));
    }

    @Test
    void missing_pods_are_remembered_across_a_lower_step() {
        var decision = progressing(3)
                .pods("v2", 2, 3)
                .unreadyFor(ofMinutes(4))
                .maxWeight(10)
                .decide();

        assertThat(((Progressing) decision.next()).patience().unreadySince()).isEqualTo(NOW.minus(ofMinutes(4)));
    }

    @Test
    void nothing_else_is_borne_any_longer_at_a_lower_step() {
        var seeing = progressing(3).wasBlindFor(ofMinutes(3)).wasUnprogrammed().maxWeight(10);
        var blind =
                progressing(3).blind(Blindness.TIMEOUT).blindFor(ofMinutes(4)).maxWeight(10);

        assertThat(Stream.of(seeing, blind)
                        .map(scene -> ((Progressing) scene.decide().next()).patience()))
                .containsOnly(Patience.NONE);
    }

    @Test
    void a_tombstone_says_what_has_failed_and_why() {
        var scene = progressing(2).bad("v2");
        var revision = ((Progressing) scene.state()).candidate().revision();

        var decision = scene.decide();

        var tombstone = new Tombstone(revision, "v2", CHECK_FAILED, "errors", decision.message(), NOW);
        assertThat(((RolledBack) decision.next()).tombstone()).isEqualTo(tombstone);
        assertThat(((RolledBack) decision.next()).ledger().tombstones()).containsExactly(tombstone);
    }
}
