package dev.modelrollout.reconcile;

import dev.modelrollout.reconcile.Stage.Slip;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of a {@link History}: a stage, and the processes of the operator that come and go on it. */
final class Life {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(15);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofSeconds(30);

    private final Stage stage;
    private final Operator.Maker maker;
    private final Invariants invariants;
    private int terms;
    private Replica leader;

    /** The one that led before: it has gone, or not quite. */
    private @Nullable Replica former;

    /** A version was good and bad while it was stable: how far chance goes is learned from that, too. */
    private boolean hasStableJumped;

    Life(Stage stage, Operator.Maker maker) {
        this.stage = stage;
        invariants = new Invariants(stage);
        this.maker = maker;
        leader = started();
    }

    private Replica started() {
        return new Replica(stage, maker.make(), invariants, terms++);
    }

    Set<String> reached() {
        return invariants.reached;
    }

    String trail() {
        return invariants.trail();
    }

    Replica replica() {
        return leader;
    }

    /** The leader dies, and another one starts. */
    void restart() {
        var next = started();
        invariants.succeeds(leader, next);
        if (next.skew().equals(leader.skew())) {
            next.inherits(leader);
        }
        leader = next;
    }

    /** A new leader acts while the old one does not know yet that it is none any more. */
    void takeOver(Duration time) {
        former = leader;
        invariants.tell("another one leads");
        restart();
        round();
        pass(time);
        invariants.tell("the former one goes on");
    }

    /** One more round of the one that led before, with all that it knew. */
    void former() {
        if (former != null) {
            former.round();
        }
    }

    /** A new one under the same name, if there is none. */
    void create() {
        if (stage.rollout == null) {
            stage.create();
            forget();
        }
    }

    /** Nothing is remembered, by whom it may concern. */
    void forget() {
        invariants.statusLost(leader);
    }

    void round() {
        var its = leader;
        its.sync();
        its.round();
        if (invariants.wasFatal() && its == leader) {
            restart();
        }
        leader.sync();
    }

    /** Whatever is due meanwhile: wake-ups, readings, what a watch tells late. */
    void pass(Duration time) {
        var end = stage.now.plus(time);
        for (var next = next(); !next.isAfter(end); next = next()) {
            goOnTo(next);
            var heard = leader.shown();
            leader.sync();
            if (leader.isDue() || !leader.shown().equals(heard)) {
                round();
            }
        }
        goOnTo(end);
    }

    private Instant next() {
        var next = leader.next();
        return stage.servedFrom.isAfter(stage.now) && stage.servedFrom.isBefore(next) ? stage.servedFrom : next;
    }

    private void goOnTo(Instant time) {
        stage.now = time.isAfter(stage.now) ? time : stage.now;
        stage.flow();
    }

    void live(Happening happening) {
        pass(Duration.ofSeconds(happening.after()));
        invariants.tell(happening);
        invariants.reached.add(happening.kind().name());
        var stable = stage.live();
        var wasBad = stable != null && stage.pods(stable).bad;
        happening.on(stage, this);
        hasStableJumped |= stable != null && stage.pods(stable).bad != wasBad;
        stage.flow();
        if (happening.isSeen()) {
            round();
        }
    }

    void end() {
        invariants.tell("all is mended");
        mend();
        round();
        if (stage.rollout != null && stage.rollout.isMarkedForDeletion()) {
            pass(FAREWELL);
            invariants.require(
                    stage.rollout == null || !stage.rollout.isMarkedForDeletion(), "I13: deletion does not end");
        }
        create();
        round();
        pass(FAREWELL);
        stage.edit(spec -> {
            spec.paused = false;
            spec.maxWeight = 100;
            spec.deadline = null;
            spec.holdOnFailure = false;
            spec.attempt += 10;
        });
        round();
        pass(LONG_ENOUGH.plus(SKEW));
        isAtItsEnd();
        isQuiet();
    }

    private void mend() {
        stage.breaks = null;
        stage.meanwhile = null;
        stage.pause = null;
        stage.rival = false;
        stage.slowness = Duration.ZERO;
        stage.see();
        stage.stickGateway(false);
        stage.mendRoute();
        stage.pods.values().forEach(Stage.Pods::recover);
        var live = stage.live();
        if (live == null) {
            stage.setRoute(List.of(Stage.weights(100, 0, 0)));
        }
        stage.pods(live == null ? "v1" : live).bad = false;
        stage.edit(spec -> {
            spec.unlisted.clear();
            spec.slip = Slip.NONE;
        });
        if (stage.skew.isZero()) {
            leader.hearAll();
        } else {
            stage.skew = Duration.ZERO;
            restart();
        }
    }

    private void isAtItsEnd() {
        var status = stage.status();
        var target = stage.spec.target;
        var isBad = stage.pods(target).bad && stage.spec.checks;
        var expected = isBad ? "RolledBack" : "Live";
        var phase = Invariants.phase(status);
        // What evidence makes of a candidate that jumps beside a stable that does is a matter of chance.
        var mayBeLive = isBad && stage.spec.counting && hasStableJumped && phase.equals("Live");
        invariants.require(phase.equals(expected) || mayBeLive, "I10: ends as " + phase + ", not " + expected);
        invariants.require(isBad || target.equals(Objects.requireNonNull(status).live()), "I10: another one is live");
    }

    /** Nothing changes any more, restart or not. */
    private void isQuiet() {
        var before = invariants.writes();
        pass(Duration.ofSeconds(60));
        restart();
        round();
        pass(LONG_ENOUGH);
        invariants.require(invariants.writes() == before, "I15: writes although nothing changes");
    }
}
