package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Before;
import dev.modelrollout.bench.decisions.Pilot.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From the first request to the last: who is promoted, how fast, and what it costs. */
record WholeRollouts(int runs, List<Result> results) {

    private static final List<Course> COURSES = List.of(
            new Course("ours, steps", before -> Ours.climbing(1.1, before)),
            new Course("ours, ramp Risk", before -> Ours.ramping(1.1, before)),
            new Course("ours, ramp Adaptive", before -> Ours.adapting(1.1, before)),
            new Course("plain, steps", before -> new LadderPilot(new PlainGate(before))),
            new Course("Argo rule, steps", before -> new LadderPilot(Gate.open(new Peers.ArgoRollouts(before)))),
            new Course("Flagger rule", FlaggerPilot::new));
    private static final List<Double> RATIOS = List.of(1.0, 1.5, 2.0, 5.0);
    private static final List<Integer> REQUESTS_PER_SECOND = List.of(100, 20, 5);
    private static final double STABLE_SHARE = 0.01;
    private static final Noise.Model NOISE = Noise.Model.bursts("noise", 0.05);

    /** Six hours. */
    private static final int LONGEST = 1440;

    /**
     * One kind of candidate under one traffic.
     *
     * @param ends for each course, one for each run
     */
    record Result(int perSecond, double ratio, List<List<End>> ends) {}

    /**
     * How a rollout ended.
     *
     * @param weight 100: promoted, 0: rolled back, else it was still under way after six hours
     * @param failed requests until then that stable would have served
     */
    record End(int weight, int windows, double failed) {

        boolean isPromoted() {
            return weight == 100;
        }
    }

    static WholeRollouts measured(int runs) {
        var results = new ArrayList<Result>();
        for (var perSecond : REQUESTS_PER_SECOND) {
            for (var ratio : RATIOS) {
                var ends = COURSES.stream()
                        .map(course -> ends(course, perSecond, ratio, runs))
                        .toList();
                results.add(new Result(perSecond, ratio, ends));
            }
        }
        return new WholeRollouts(runs, results);
    }

    private static List<End> ends(Course course, int perSecond, double ratio, int runs) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToObj(run ->
                        end(course, new Service(perSecond, STABLE_SHARE, ratio, NOISE, dice(perSecond, run)), ratio))
                .toList();
    }

    private static Dice dice(int perSecond, int run) {
        return Dice.of(Cell.ALL.size() + REQUESTS_PER_SECOND.indexOf(perSecond), run);
    }

    private static End end(Course course, Service service, double ratio) {
        var pilot = course.start().apply(new Before(service.past(Cell.PAST), STABLE_SHARE, 0));
        var failed = 0.0;
        var windows = 0;
        while (windows < LONGEST && pilot.weight() > 0 && pilot.weight() < 100) {
            var window = service.next(pilot.weight() / 100.0);
            failed += window.candidate().bad() * (1 - 1 / ratio);
            windows++;
            pilot.see(window);
        }
        return new End(pilot.weight(), windows, failed);
    }

    Table promoted() {
        return table(
                "Candidates that were promoted, %",
                (result, ends) -> "%.1f"
                        .formatted(100.0 * ends.stream().filter(End::isPromoted).count() / ends.size()));
    }

    Table minutes() {
        return table(
                "Median minutes to 100 % of those that got there",
                (result, ends) -> {
                    var minutes = ends.stream()
                            .filter(End::isPromoted)
                            .mapToDouble(end -> end.windows() * Service.INTERVAL.toSeconds() / 60.0);
                    return Numbers.whole(Numbers.median(minutes));
                });
    }

    Table failed() {
        return table(
                "Requests that failed and would not have failed in stable, mean, until promotion or rollback",
                (result, ends) -> Numbers.whole(
                        ends.stream().mapToDouble(End::failed).average().orElse(Double.NaN)));
    }

    private Table table(String title, BiFunction<Result, List<End>, String> figure) {
        var head = Stream.concat(
                Stream.of("requests/s", "times as bad"), COURSES.stream().map(Course::name));
        var rows = results.stream()
                .map(result -> Stream.concat(
                                Stream.of("" + result.perSecond(), Numbers.shortest(result.ratio())),
                                result.ends().stream().map(ends -> figure.apply(result, ends)))
                        .toList());
        return new Table(title + "; " + runs + " runs each", head.toList(), rows.toList());
    }
}
