package dev.modelrollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How often a decrease is sent, and on what it rests each time. */
class TrafficRouterTest {

    private static final RolloutPlan PLAN =
            TrafficRouterContract.plan("serving", new RouteRef("g", "Kind", "serving", "chat", null));

    @Test
    void a_decrease_is_sent_on_what_the_route_is_now() {
        var router = new Contested(1);

        assertThat(router.lower(PLAN, view(50, 1), TrafficSplit.all("v1"), () -> true))
                .isTrue();
        assertThat(router.sent).isEqualTo(2);
    }

    @Test
    void a_decrease_against_somebody_who_is_always_faster_is_given_up() {
        var router = new Contested(1_000);

        assertThat(router.lower(PLAN, view(50, 1), TrafficSplit.all("v1"), () -> true))
                .isFalse();
        assertThat(router.sent).isEqualTo(5);
    }

    @Test
    void a_decrease_that_somebody_else_has_made_at_last_is_made() {
        var router = new Contested(1_000);
        router.last = 0;

        assertThat(router.lower(PLAN, view(50, 1), TrafficSplit.all("v1"), () -> true))
                .isTrue();
        assertThat(router.sent).isEqualTo(5);
    }

    private static RouteView view(int candidate, long generation) {
        return new RouteView(
                "uid",
                generation,
                List.of(new ManagedRule(
                        0,
                        null,
                        List.of(
                                new Ref(0, "v1", 100 - candidate, true, Map.of("name", "chat-v1")),
                                new Ref(1, "v2", candidate, true, Map.of("name", "chat-v2"))))),
                null,
                null,
                null);
    }

    /** A route that somebody changes just before each of so many writes. The cache never learns of it. */
    private static final class Contested implements TrafficRouter {

        private int races;
        private long generation = 1;
        private int sent;

        /** What the candidate has after the last try. */
        private int last = 50;

        Contested(int races) {
            this.races = races;
        }

        @Override
        public boolean handles(RouteRef ref) {
            return true;
        }

        @Override
        public String kind() {
            return "g/Kind";
        }

        @Override
        public RouteView read(RolloutPlan plan, Optional<String> live) {
            return view(50, 1);
        }

        @Override
        public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
            return view(sent < TRIES ? 50 : last, generation);
        }

        @Override
        public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
            return false;
        }

        @Override
        public boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split) {
            sent++;
            if (races-- > 0) {
                generation++;
            }
            return view.generation() == generation;
        }
    }
}
