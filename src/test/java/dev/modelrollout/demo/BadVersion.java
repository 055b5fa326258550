package dev.modelrollout.demo;

import dev.modelrollout.demo.SimulatedPrometheus.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** v3 breaks at 10 %: it is taken back at once, and v2 serves on. */
record BadVersion(Stage stage) implements Act {

    private static final int ONE_OF = 20;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** One poll and a second, from the answer that decides. */
    private static final Duration BOUND = INTERVAL.plusSeconds(1);

    @Override
    public String title() {
        return "Act 2: v3 answers 5 % errors once it has 10 % of the traffic";
    }

    @Override
    public Result play() {
        var from = stage.target("v3");
        stage.until(
                "v3 has 10 %", () -> stage.timeline().firstAt("v3", 10, from).isPresent());
        stage.kubelet().pods("v3").forEach(model -> model.failOneOf(ONE_OF));
        stage.timeline().remark("v3 breaks: from now on every " + ONE_OF + "th of its answers is an error");
        stage.until("v3 is rolled back", () -> stage.timeline().shows("v3", "CheckFailed"));
        var breach = stage.timeline().firstAt("v3", 10, from).orElseThrow();
        var down = stage.timeline().firstAt("v3", 0, breach).orElseThrow();
        var bad = decisive(down);
        return new Result(
                List.of(
                        bound("v3: weight 0 after the answer that decides", BOUND, bad.get(bad.size() - 1), down),
                        bound(
                                "v3: weight 0 after the first bad answer",
                                BOUND.plus(INTERVAL.multipliedBy(Manifests.FAILURES - 1L)),
                                bad.get(0),
                                down),
                        Promise.same("v3: bad answers in a row that decided", Manifests.FAILURES, bad.size()),
                        Promise.same("v3: weight of v2 meanwhile and after", 100, weightOf("v2"))),
                "v3 rolled back " + Timeline.seconds(Duration.between(bad.get(0).at(), down))
                        + " after its breach was visible");
    }

    /** The last bad answers in a row before the rollback, oldest first. */
    private List<Given> decisive(Instant down) {
        var newestFirst = new ArrayList<>(stage.prometheus().given(Manifests.deploymentOf("v3")));
        Collections.reverse(newestFirst);
        var bad = new ArrayList<>(newestFirst.stream()
                .filter(answer -> answer.at().isBefore(down))
                .takeWhile(answer -> answer.value() > Manifests.MAX_FAILED)
                .toList());
        Collections.reverse(bad);
        return List.copyOf(bad);
    }

    private static Promise bound(String what, Duration bound, Given answer, Instant down) {
        var took = Duration.between(answer.at(), down);
        return new Promise(
                what, "at most " + Timeline.seconds(bound), took.toMillis() + " ms", took.compareTo(bound) <= 0);
    }

    private int weightOf(String version) {
        var splits = stage.timeline().splitsSince(Instant.MIN);
        return splits.get(splits.size() - 1).weightOf(version);
    }
}
