package dev.modelrollout.e2e.decisions;

import dev.modelrollout.bench.decisions.Numbers;
import dev.modelrollout.bench.decisions.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What came of all rollouts, story by story. */
record Tallies(List<Course> courses, Instant end) {

    /** Requests to a bad candidate until its weight was 0, in what no test can do without; at least a second of them. */
    static Optional<Double> delay(Course course) {
        return course.story().isBad() && course.isRolledBack()
                ? Optional.of(course.requests() / needed(course.story()))
                : Optional.empty();
    }

    /** The same, of those that the decision rests on. */
    private static Optional<Double> evidence(Course course) {
        return course.story().isBad() ? course.evidence().map(seen -> seen / needed(course.story())) : Optional.empty();
    }

    private static double needed(Story story) {
        return Math.max(story.bound(), story.cell().traffic().candidatePerSecond());
    }

    Table table() {
        var byStory =
                courses.stream().collect(Collectors.groupingBy(Course::story, LinkedHashMap::new, Collectors.toList()));
        return new Table(
                "Delays are requests to the candidate / what no test can do without; estimates what was first said to be left / what it took; medians",
                List.of(
                        "story",
                        "bad, stable",
                        "candidate/s@weight",
                        "rolled back",
                        "promoted",
                        "open",
                        "seconds",
                        "bound, requests",
                        "delay, evidence",
                        "delay, route",
                        "estimate",
                        "status writes a minute",
                        "was blind"),
                byStory.entrySet().stream()
                        .map(entry -> row(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private List<String> row(Story story, List<Course> all) {
        var blind = all.stream()
                .flatMap(course -> course.blind().stream())
                .collect(Collectors.groupingBy(why -> why, TreeMap::new, Collectors.counting()));
        return List.of(
                story.name(),
                Numbers.percent(story.cell().stableShare()),
                "%s@%.0f"
                        .formatted(
                                Numbers.shortest(story.cell().traffic().candidatePerSecond()),
                                story.cell().traffic().weightPercent()),
                count(all, Course::isRolledBack),
                count(all, Course::isPromoted),
                count(all, course -> !course.hasEnded()),
                Numbers.whole(Numbers.median(all.stream().mapToDouble(Course::seconds))),
                story.isBad() ? Numbers.whole(story.bound()) : "",
                median(all, Tallies::evidence),
                median(all, Tallies::delay),
                median(all, Course::honesty),
                median(all, course -> Optional.of(course.writesPerMinute(end))),
                blind.isEmpty() ? "" : blind.toString());
    }

    private static String count(List<Course> all, Predicate<Course> are) {
        return "" + all.stream().filter(are).count();
    }

    private static String median(List<Course> all, Function<Course, Optional<Double>> number) {
        var numbers = all.stream()
                .flatMap(course -> number.apply(course).stream())
                .sorted()
                .toList();
        return numbers.isEmpty()
                ? ""
                : "%.1f (%.1f to %.1f)"
                        .formatted(
                                numbers.get((numbers.size() - 1) / 2), numbers.get(0), numbers.get(numbers.size() - 1));
    }
}
