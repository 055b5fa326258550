package dev.modelrollout.e2e.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.bench.decisions.Numbers;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A few runs of each story, all at once; then the promises are held against how they went. */
@NeedsApiServer
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsEndToEndTest {

    private static final int RUNS = Integer.getInteger("runs", 8);
    private static final int SEED = Integer.getInteger("seed", 1);
    private static final Duration CEILING = Duration.ofSeconds(Integer.getInteger("seconds", 450));

    private List<Course> courses;

    @BeforeAll
    void play(ApiServer server, @TempDir Path scratch) throws Exception {
        System.out.printf("%d runs of each story, -Druns=%1$d -Dseed=%d%n", RUNS, SEED);
        try (var arena = new Arena(server, scratch, RUNS, SEED)) {
            arena.awaitEnds(CEILING);
            courses = List.copyOf(arena.courses());
            System.out.println(new Tallies(courses, Instant.now()).table());
            courses.stream()
                    .filter(course -> course.story().isBad() ? course.isPromoted() : course.isRolledBack())
                    .forEach(course -> System.out.println(course.story().name() + ": " + course.status()));
            System.out.println(arena.asked());
            System.out.println(Load.of(arena.operator()));
        }
    }

    @Test
    void equal_candidates_are_not_rolled_back() {
        assertThat(share(course -> !course.story().isBad(), Course::isRolledBack))
                .isLessThanOrEqualTo(0.01);
    }

    @Test
    void bad_candidates_are_not_promoted() {
        assertThat(share(course -> course.story().isBad(), Course::isPromoted)).isLessThanOrEqualTo(0.01);
    }

    /** Nor do these figures rest on a few of them. */
    @Test
    void most_rollouts_end() {
        assertThat(share(course -> true, course -> course.isPromoted() || course.isRolledBack()))
                .isGreaterThan(0.5);
    }

    @Test
    void a_bad_candidate_gets_few_requests_more_than_it_takes_to_know() {
        assertThat(median(Tallies::delay)).isLessThanOrEqualTo(2.5);
    }

    @Test
    void what_is_said_to_be_left_is_right_within_a_factor_of_two() {
        assertThat(median(Course::honesty)).isBetween(0.5, 2.0);
    }

    private double share(Predicate<Course> among, Predicate<Course> are) {
        var all = courses.stream().filter(among).toList();
        return all.stream().filter(are).count() / (double) all.size();
    }

    private double median(Function<Course, Optional<Double>> number) {
        return Numbers.median(courses.stream()
                .flatMap(course -> number.apply(course).stream())
                .mapToDouble(Double::doubleValue));
    }
}
