package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three rollouts under load, one after the other; then the promises are held against what was recorded. Nothing that
 * the operator says is believed: what counts is what a watch of the routes and the senders of the requests saw. The
 * logs are in {@code target/e2e}.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {

    private Recording good;
    private Recording bad;
    private Recording interrupted;
    private Instant breachVisible;

    @BeforeAll
    void play(@TempDir Path scratch) throws Exception {
        var figures = new Figures();
        var begin = Instant.now();
        try (var stage = new Stage(Path.of("target/e2e"), scratch, List.of("chat", "code", "search"))) {
            figures.time("start of the servers -> the operator is ready", begin, Instant.now());

            goLive(stage, stage.models().get(0));
            breachVisible = breach(stage, stage.models().get(1));
            interrupt(stage, stage.models().get(2), figures);

            var recordings = stage.endLoad();
            good = recordings.get(0);
            bad = recordings.get(1);
            interrupted = recordings.get(2);
        }
        recordings().forEach(figures::rungs);
        figures.fall(bad, breachVisible);
        System.out.println("\n" + figures);
    }

    private static void goLive(Stage stage, Model model) {
        stage.rollOut(model);
        stage.awaitWeight(model, 100);
    }

    private static Instant breach(Stage stage, Model model) {
        stage.rollOut(model);
        stage.awaitWeight(model, 25);
        stage.awaitTraffic(Duration.ofSeconds(3));
        var turned = Instant.now();
        model.candidate().turnBad();
        stage.awaitWeight(model, 0);
        return stage.breachVisible(model, turned);
    }

    private static void interrupt(Stage stage, Model model, Figures figures) throws Exception {
        stage.rollOut(model);
        stage.awaitWeight(model, 25);
        stage.awaitTraffic(Duration.ofSeconds(3));
        var killed = Instant.now();
        stage.killOperator();
        stage.awaitTraffic(Duration.ofSeconds(2));
        var restarted = Instant.now();
        stage.restartOperator();
        figures.time("SIGKILL of the operator -> its new start", killed, restarted);
        figures.time("its new start -> it is ready", restarted, Instant.now());
        stage.awaitWeight(model, 100);
        stage.awaitTraffic(Duration.ofSeconds(5));
    }

    @Test
    void the_good_model_goes_live_rung_by_rung() {
        assertThat(good.history().weights()).isEqualTo(RouteHistory.LADDER);
    }

    @Test
    void the_model_that_breaches_at_25_percent_falls_to_0() {
        assertThat(bad.history().weights()).containsExactly(0, 5, 25, 0);
    }

    @Test
    void the_fall_takes_an_interval_and_a_second_at_most() {
        assertThat(Duration.between(breachVisible, bad.history().lastChange()))
                .isLessThanOrEqualTo(Model.INTERVAL.plusSeconds(1));
    }

    @Test
    void the_rollout_outlives_its_operator_and_leaves_no_rung_out() {
        assertThat(interrupted.history().weights()).isEqualTo(RouteHistory.LADDER);
    }

    @Test
    void whole_shares_single_rungs_and_full_holds() {
        assertThat(recordings()).allSatisfy(recording -> recording.history().keepsThePromises());
    }

    @Test
    void each_version_gets_the_share_that_the_route_says() {
        assertThat(recordings())
                .allSatisfy(recording -> assertThat(recording.rungs())
                        .as(recording.model().name())
                        .map(recording::share)
                        .allMatch(Share::isWithinBounds, "within what chance allows"));
    }

    @Test
    void no_request_fails_but_those_that_the_bad_model_fails() {
        var candidate = bad.model().candidate();
        var failed = recordings()
                .flatMap(recording -> recording.exchanges().stream())
                .filter(Exchange::failed)
                .toList();

        assertThat(failed)
                .as("failures that are not the bad model's own")
                .filteredOn(exchange ->
                        exchange.status() != 500 || !exchange.server().equals(candidate.deployment()))
                .isEmpty();
        assertThat(failed).hasSize((int) candidate.failures());
    }

    private Stream<Recording> recordings() {
        return Stream.of(good, bad, interrupted);
    }
}
