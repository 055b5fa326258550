package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LadderTest {

    private static final Ladder LADDER = ladder(1, 10, 50);

    @Test
    void goes_up_one_step_after_the_other_and_then_all_the_way() {
        assertThat(climb(LADDER, 100))
                .containsExactly(new Rung(1, 1, 1), new Rung(2, 10, 10), new Rung(3, 50, 50), new Rung(4, 100, 100));
    }

    @Test
    void a_ceiling_between_two_steps_cuts_the_one_above_it() {
        assertThat(climb(LADDER, 30)).containsExactly(new Rung(1, 1, 1), new Rung(2, 10, 10), new Rung(3, 50, 30));
    }

    @Test
    void a_ceiling_on_a_step_ends_there() {
        assertThat(climb(LADDER, 10)).containsExactly(new Rung(1, 1, 1), new Rung(2, 10, 10));
    }

    @Test
    void a_ceiling_of_99_leaves_the_last_percent() {
        assertThat(climb(LADDER, 99)).endsWith(new Rung(4, 100, 99));
    }

    @Test
    void a_ceiling_of_0_allows_no_step() {
        assertThat(climb(LADDER, 0)).isEmpty();
    }

    @Test
    void no_steps_at_all_go_to_100_at_once() {
        assertThat(climb(ladder(), 100)).containsExactly(new Rung(1, 100, 100));
    }

    @Test
    void a_raised_ceiling_gives_the_rest_of_the_step_that_was_cut() {
        assertThat(LADDER.above(new Rung(3, 50, 30), 100)).isEqualTo(new Rung(3, 50, 50));
    }

    @Test
    void a_ceiling_below_the_rung_allows_nothing_above_it() {
        assertThat(LADDER.above(new Rung(3, 50, 50), 20)).isEqualTo(new Rung(3, 50, 50));
    }

    @Test
    void every_rung_of_its_own_is_one_of_its() {
        assertThat(LADDER.has(new Rung(1, 1, 1))).isTrue();
        assertThat(LADDER.has(new Rung(3, 50, 30))).isTrue();
        assertThat(LADDER.has(new Rung(4, 100, 99))).isTrue();
        assertThat(LADDER.has(new Rung(5, 100, 99))).isFalse();
        assertThat(LADDER.has(new Rung(2, 20, 20))).isFalse();
        assertThat(LADDER.has(Rung.GROUND)).isFalse();
    }

    @Test
    void a_rise_gives_more() {
        assertThat(LADDER.mayFollow(new Rung(2, 10, 10), 10, 10)).isFalse();
        assertThat(LADDER.mayFollow(new Rung(2, 10, 10), 50, 100)).isTrue();
        assertThat(LADDER.mayFollow(new Rung(2, 10, 10), 30, 30)).isTrue();
        assertThat(LADDER.mayFollow(new Rung(2, 10, 10), 30, 100)).isFalse();
    }

    @Test
    void finds_the_highest_step_that_is_not_above_a_share() {
        var found = IntStream.of(0, 1, 9, 10, 11, 49, 50, 99)
                .mapToObj(percent -> LADDER.notAbove(percent, 100, 100).weight())
                .toList();

        assertThat(found).containsExactly(0, 1, 1, 10, 10, 10, 50, 50);
    }

    @Test
    void finds_a_step_from_relative_weights() {
        assertThat(LADDER.notAbove(1, 10, 100)).isEqualTo(new Rung(2, 10, 10));
    }

    @Test
    void finds_a_cut_step_under_a_ceiling() {
        assertThat(LADDER.notAbove(40, 100, 30)).isEqualTo(new Rung(3, 50, 30));
    }

    @Test
    void never_finds_100_from_a_share() {
        assertThat(LADDER.notAbove(100, 100, 100)).isEqualTo(new Rung(3, 50, 50));
    }

    @Test
    void has_its_steps_whole_or_cut_and_nothing_else() {
        assertThat(LADDER.has(new Rung(2, 10, 10))).isTrue();
        assertThat(LADDER.has(new Rung(2, 10, 5))).isTrue();
        assertThat(LADDER.has(new Rung(2, 5, 5))).isFalse();
        assertThat(LADDER.has(new Rung(4, 50, 50))).isFalse();
        assertThat(LADDER.has(new Rung(5, 100, 100))).isFalse();
        assertThat(LADDER.has(Rung.GROUND)).isFalse();
    }

    @Test
    void most_is_measured_at_the_last_step_or_the_ceiling_below_it() {
        assertThat(LADDER.top(100)).isEqualTo(50);
        assertThat(LADDER.top(30)).isEqualTo(30);
        assertThat(ladder().top(100)).isEqualTo(99);
    }

    @Test
    void the_ground_and_the_last_rung_are_not_held() {
        assertThat(LADDER.hold(Rung.GROUND)).isZero();
        assertThat(LADDER.hold(new Rung(2, 10, 10))).isEqualTo(Duration.ofMinutes(2));
        assertThat(LADDER.hold(new Rung(4, 100, 99))).isZero();
    }

    /** The hold of the n-th step is n minutes. */
    private static Ladder ladder(int... weights) {
        return new Ladder(IntStream.range(0, weights.length)
                .mapToObj(i -> new Step(weights[i], Duration.ofMinutes(i + 1L)))
                .toList());
    }

    private static List<Rung> climb(Ladder ladder, int ceiling) {
        var rungs = new ArrayList<Rung>();
        var rung = Rung.GROUND;
        for (var next = ladder.above(rung, ceiling); !next.equals(rung); next = ladder.above(rung, ceiling)) {
            rungs.add(next);
            rung = next;
        }
        return rungs;
    }
}
