package dev.modelrollout.demo;

import dev.modelrollout.demo.Timeline.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Prometheus goes away while v4 rises: the weight is kept, and nothing is guessed; it goes on when answers return. */
record Outage(Stage stage, Pace pace) implements Act {

    @Override
    public String title() {
        return "Act 3: Prometheus goes away while v4 rises";
    }

    @Override
    public Result play() {
        var from = stage.target("v4");
        stage.until(
                "v4 has 10 %", () -> stage.timeline().firstAt("v4", 10, from).isPresent());
        stage.prometheus().goAway();
        var gone = Instant.now();
        stage.timeline().remark("Prometheus is gone");
        stage.until("v4 is Blind", () -> stage.timeline().shows("v4", "Blind"));
        stage.after(pace.outage(), stage.prometheus()::comeBack);
        stage.until("answers return", () -> !stage.prometheus().isAway());
        var back = Instant.now();
        stage.timeline().remark("Prometheus is back");
        var whileGone = weights(gone, back);
        stage.until("v4 is live", () -> stage.timeline().isLive("v4"));
        return new Result(
                List.of(
                        Promise.same("v4: weights written without answers", List.of(), whileGone),
                        Promise.same("v4: weights", List.of(1, 10, 50, 100), weights(from, Instant.MAX)),
                        measured(back),
                        Promise.same(
                                "v4: failed requests",
                                0L,
                                Kubelet.sum(stage.kubelet().pods("v4")).failures()),
                        Promise.same("v3: weights since its rollback", 0, highestOf("v3", from))),
                "");
    }

    private Promise measured(Instant back) {
        var raised = stage.timeline().firstAt("v4", 50, back).orElseThrow();
        var after = Duration.between(back, raised);
        return new Promise(
                "v4: next rise after answers returned",
                "not before " + Manifests.FAILURES + " of them",
                Timeline.seconds(after),
                answers(back, raised) >= Manifests.FAILURES);
    }

    private long answers(Instant from, Instant until) {
        return stage.prometheus().given(Manifests.deploymentOf("v4")).stream()
                .filter(answer -> answer.at().isAfter(from) && answer.at().isBefore(until))
                .count();
    }

    private List<Integer> weights(Instant from, Instant until) {
        return stage.timeline().splitsSince(from).stream()
                .filter(split -> split.at().isBefore(until))
                .map((Split split) -> split.weightOf("v4"))
                .toList();
    }

    private int highestOf(String version, Instant from) {
        return stage.timeline().splitsSince(from).stream()
                .mapToInt(split -> split.weightOf(version))
                .max()
                .orElse(0);
    }
}
