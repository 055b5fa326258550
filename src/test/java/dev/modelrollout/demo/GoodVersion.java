package dev.modelrollout.demo;

import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.HistoryEntry;
import dev.modelrollout.demo.Timeline.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** v2 is good: it rises step by step, on evidence. */
record GoodVersion(Stage stage, Pace pace) implements Act {

    @Override
    public String title() {
        return "Act 1: v2 is good";
    }

    @Override
    public Result play() {
        var failedBefore = stage.load().counters().failures();
        var from = stage.target("v2");
        stage.until("v2 is live", () -> stage.timeline().isLive("v2"));
        var took =
                Duration.between(from, stage.timeline().firstAt("v2", 100, from).orElseThrow());
        return new Result(
                List.of(
                        Promise.same("v2: weights", List.of(1, 10, 50, 100), weights(from)),
                        evidence(),
                        holds(),
                        Promise.same(
                                "v2: failed requests",
                                0L,
                                stage.load().counters().failures() - failedBefore)),
                "v2 live after " + Timeline.seconds(took));
    }

    private List<Integer> weights(Instant from) {
        return stage.timeline().splitsSince(from).stream()
                .map((Split split) -> split.weightOf("v2"))
                .toList();
    }

    private Promise evidence() {
        var rises = stage.timeline().rises("v2");
        var grounded = rises.stream()
                .filter(rise -> rise.evidence() != null && !rise.evidence().isBlank())
                .count();
        return Promise.same("v2: rises that say what they rest on", 4L, grounded);
    }

    private Promise holds() {
        var times = stage.timeline().rises("v2").stream()
                .map(HistoryEntry::at)
                .map(Instant::parse)
                .toList();
        var shortest = IntStream.range(1, times.size())
                .mapToObj(index -> Duration.between(times.get(index - 1), times.get(index)))
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Promise(
                "v2: shortest time at a weight",
                "at least " + Timeline.seconds(pace.hold()),
                Timeline.seconds(shortest),
                shortest.compareTo(pace.hold()) >= 0);
    }
}
