package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PresenceTest {

    private static final double TENTH = 0.1;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** Stable had 180 requests in each window: so 20 are due from a tenth. */
    private record Case(String sentence, List<Integer> came, boolean missing, Optional<Blindness> blind) {}

    @TestFactory
    Stream<DynamicTest> tells() {
        return Stream.of(
                        new Case("traffic that comes is no trouble", List.of(20, 18, 22), false, Optional.empty()),
                        new Case("one window without is chance", List.of(20, 0), false, Optional.empty()),
                        new Case("two without, after some, are harm", List.of(20, 0, 0), true, Optional.empty()),
                        new Case("not in a row is not enough", List.of(20, 0, 20, 0), false, Optional.empty()),
                        new Case("none ever is no data", List.of(0, 0), false, Optional.of(Blindness.NO_DATA)),
                        new Case("two under half", List.of(9, 9), false, Optional.of(Blindness.SHARE_MISMATCH)),
                        new Case("half is enough", List.of(10, 10), false, Optional.empty()),
                        new Case("none, then few", List.of(20, 0, 5), false, Optional.of(Blindness.SHARE_MISMATCH)),
                        new Case("it is over when traffic returns", List.of(20, 0, 0, 20), false, Optional.empty()))
                .map(c -> dynamicTest(c.sentence, () -> {
                    var presence = Presence.UNKNOWN;
                    for (var came : c.came) {
                        presence = presence.after(window(came, 180), TENTH);
                    }

                    assertThat(presence.isMissing()).isEqualTo(c.missing);
                    assertThat(presence.blindness()).isEqualTo(c.blind);
                }));
    }

    @Test
    void with_fewer_than_10_due_nothing_is_told() {
        var presence = Presence.UNKNOWN
                .after(window(20, 180), TENTH)
                .after(window(0, 89), TENTH)
                .after(window(0, 89), TENTH);

        assertThat(presence).isEqualTo(new Presence(true, 0, 0, 0));
    }

    @Test
    void with_10_due_none_is_told() {
        var presence = Presence.UNKNOWN.after(window(0, 90), TENTH).after(window(0, 90), TENTH);

        assertThat(presence.blindness()).hasValue(Blindness.NO_DATA);
    }

    @Test
    void stable_without_requests_is_strange_once_ten_would_have_come() {
        var once = Presence.UNKNOWN.after(window(1, 0), TENTH);
        var fourTimes = Stream.iterate(once, presence -> presence.after(window(0, 0), TENTH))
                .skip(3)
                .findFirst()
                .orElseThrow();

        assertThat(Presence.UNKNOWN.after(window(0, 1), TENTH).isStableMissing(10))
                .isFalse();
        assertThat(once.isStableMissing(10)).isTrue();
        assertThat(once.isStableMissing(3)).isFalse();
        assertThat(fourTimes.isStableMissing(3)).isTrue();
        assertThat(fourTimes.after(window(0, 1), TENTH).isStableMissing(3)).isFalse();
        assertThat(once.isStableMissing(0)).isTrue();
        assertThat(once.isStableMissing(Double.NaN)).isTrue();
    }

    @Test
    void a_share_of_everything_cannot_be_compared() {
        assertThatIllegalArgumentException().isThrownBy(() -> Presence.UNKNOWN.after(window(1, 1), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Presence.UNKNOWN.after(window(1, 1), -0.1));
    }

    private static Window window(int candidates, int stables) {
        return new Window(START, START.plusSeconds(15), new Counts(0, candidates), new Counts(0, stables));
    }
}
