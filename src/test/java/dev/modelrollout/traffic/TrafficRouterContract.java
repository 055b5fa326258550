package dev.modelrollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the core relies on, whatever the kind of route. The route {@code chat} has chat-v1 at 100 and chat-v2 at 0. */
public abstract class TrafficRouterContract {

    protected abstract TrafficRouter router();

    protected abstract String namespace();

    protected abstract RouteRef ref();

    /** The weights of chat-v1 and chat-v2 as they are stored. */
    protected abstract List<Integer> stored();

    /** Everything in the route's spec but the weights of chat-v1 and chat-v2. */
    protected abstract Object storedElse();

    protected abstract void someoneSets(int v1, int v2);

    protected abstract void someoneSwapsTheRefs();

    protected abstract void someoneRemovesChatV2();

    protected abstract void someoneDeletesTheRoute();

    /** How many requests for change the router has sent. */
    protected abstract int patches();

    @Test
    void a_rise_changes_the_weights_and_nothing_else() {
        var before = storedElse();

        assertThat(router().raise(plan(), fresh(), split(10))).isTrue();
        assertThat(stored()).containsExactly(90, 10);
        assertThat(storedElse()).isEqualTo(before);
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void a_rise_from_a_stale_view_is_dropped() {
        var view = fresh();
        someoneSets(70, 30);

        assertThat(router().raise(plan(), view, split(10))).isFalse();
        assertThat(stored()).containsExactly(70, 30);
    }

    @Test
    void a_rise_that_came_true_without_an_answer_is_one() {
        var view = fresh();
        router().raise(plan(), view, split(10));

        assertThat(router().raise(plan(), view, split(10))).isTrue();
    }

    @Test
    void a_decrease_changes_the_weights_and_nothing_else() {
        someoneSets(50, 50);
        var before = storedElse();

        assertThat(router().lower(plan(), fresh(), split(0), () -> true)).isTrue();
        assertThat(stored()).containsExactly(100, 0);
        assertThat(storedElse()).isEqualTo(before);
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void a_decrease_from_a_stale_view_is_sent_again() {
        someoneSets(50, 50);
        var view = fresh();
        someoneSets(20, 80);
        var before = storedElse();

        assertThat(router().lower(plan(), view, split(0), () -> true)).isTrue();
        assertThat(stored()).containsExactly(100, 0);
        assertThat(storedElse()).isEqualTo(before);
    }

    @Test
    void a_decrease_that_is_not_due_any_more_is_not_sent_again() {
        someoneSets(50, 50);
        var view = fresh();
        someoneSets(20, 80);

        assertThat(router().lower(plan(), view, split(0), () -> false)).isFalse();
        assertThat(stored()).containsExactly(20, 80);
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void a_decrease_finds_a_backend_that_has_moved() {
        someoneSets(50, 50);
        var view = fresh();
        someoneSwapsTheRefs();

        assertThat(router().lower(plan(), view, split(0), () -> true)).isTrue();
        assertThat(stored()).containsExactly(100, 0);
    }

    @Test
    void a_decrease_raises_nothing_that_is_lower_already() {
        assertThat(router().lower(plan(), fresh(), split(10), () -> true)).isFalse();
        assertThat(stored()).containsExactly(100, 0);
        assertThat(patches()).isZero();
    }

    @Test
    void a_decrease_from_a_stale_view_raises_nothing_that_somebody_has_lowered_since() {
        someoneSets(50, 50);
        var view = fresh();
        someoneSets(95, 5);

        assertThat(router().lower(plan(), view, split(10), () -> true)).isFalse();
        assertThat(stored()).containsExactly(95, 5);
    }

    @Test
    void a_decrease_that_is_already_true_sends_nothing() {
        assertThat(router().lower(plan(), fresh(), split(0), () -> true)).isTrue();
        assertThat(patches()).isZero();
    }

    @Test
    void a_promotion_gives_everything_to_the_candidate() {
        assertThat(router().raise(plan(), fresh(), split(100))).isTrue();
        assertThat(stored()).containsExactly(0, 100);
    }

    @Test
    void a_backend_that_is_gone_is_named() {
        someoneRemovesChatV2();

        var trouble = fresh().trouble();
        assertThat(trouble).isNotNull();
        assertThat(trouble.reason()).isEqualTo(Reason.BACKEND_NOT_IN_ROUTE);
        assertThat(trouble.message()).contains("chat-v2");
    }

    @Test
    void a_rise_for_a_backend_that_has_gone_is_dropped() {
        var view = fresh();
        someoneRemovesChatV2();

        assertThat(router().raise(plan(), view, split(10))).isFalse();
    }

    @Test
    void a_route_that_is_gone_is_missing_and_takes_no_weights() {
        someoneSets(50, 50);
        var view = fresh();
        someoneDeletesTheRoute();

        assertThat(router().raise(plan(), view, split(10))).isFalse();
        assertThat(router().lower(plan(), view, split(0), () -> true)).isFalse();
        var trouble = fresh().trouble();
        assertThat(trouble).isNotNull();
        assertThat(trouble.reason()).isEqualTo(Reason.ROUTE_MISSING);
    }

    @Test
    void a_rise_is_not_programmed_at_once() {
        router().raise(plan(), fresh(), split(10));

        assertThat(fresh().unprogrammed()).isNotBlank();
    }

    protected final RouteView fresh() {
        return router().readFresh(plan(), Optional.of("v1"));
    }

    protected final RolloutPlan plan() {
        return plan(namespace(), ref());
    }

    private static TrafficSplit split(int weight) {
        return weight == 0 ? TrafficSplit.all("v1") : new TrafficSplit("v1", "v2", weight);
    }

    /** Of versions v1, v2 and v3 with Services of the same names, on the way to v2. */
    public static RolloutPlan plan(String namespace, RouteRef ref) {
        return new RolloutPlan(
                1,
                namespace,
                ref,
                List.of(version("v1"), version("v2"), version("v3")),
                "v2",
                100,
                1,
                new Ladder(List.of(new Ladder.Step(10, Duration.ZERO))),
                100,
                Duration.ZERO,
                Duration.ZERO,
                new RolloutPlan.Analysis("default", Duration.ofSeconds(15), Duration.ZERO, List.of()),
                false,
                false,
                Duration.ZERO,
                null,
                false,
                false);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("chat-" + name));
    }
}
