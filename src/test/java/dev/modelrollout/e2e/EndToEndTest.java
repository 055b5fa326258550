package dev.modelrollout.e2e;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.e2e.RouteHistory.Rung;
import dev.modelrollout.testing.NeedsCluster;
import dev.modelrollout.testing.NeedsPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three rollouts under load, one after the other. Nothing that the operator says is believed: what counts is what a
 * watch of the routes and the senders of the requests saw.
 */
@Tag("e2e")
@NeedsCluster
@NeedsPrometheus
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {

    private static final String GOOD = "chat";
    private static final String BAD = "code";
    private static final String INTERRUPTED = "search";
    private static final List<String> MODELS = List.of(GOOD, BAD, INTERRUPTED);

    /** More than a way up, or down, takes on a slow machine. */
    private static final Duration CEILING = Duration.ofSeconds(90);
    /** What a gateway may take to serve new weights; requests sent before that are in no share. */
    private static final Duration SETTLING = Duration.ofSeconds(2);
    /** By how much the watch may be late: requests sent that much before the end of a rung are in no share. */
    private static final Duration LATENESS = Duration.ofMillis(500);

    private final Figures figures = new Figures();

    private @Nullable Stage opened;

    @BeforeAll
    void open(@TempDir Path scratch) throws IOException {
        var folder = Files.createDirectories(Path.of("target/e2e").toAbsolutePath());
        var begin = Instant.now();
        opened = new Stage(folder, scratch, MODELS);
        figures.time("until all servers run and the operator is ready", since(begin));
    }

    @AfterAll
    void close() {
        if (opened != null) {
            opened.close();
        }
        System.out.println("\n" + figures);
    }

    @Test
    @Order(1)
    void a_good_model_goes_live() {
        var model = stage().model(GOOD);

        stage().rollOut(model);

        stage().recorder().awaitWeight(model, 100, CEILING);
        assertThat(stage().recorder().history(model).weights()).isEqualTo(RouteHistory.LADDER);
    }

    @Test
    @Order(2)
    void a_model_that_breaches_at_25_percent_falls_to_0() {
        var model = stage().model(BAD);

        stage().rollOut(model);
        stage().recorder().awaitWeight(model, 25, CEILING);
        awaitTraffic(SETTLING.plus(LATENESS));
        model.candidate().turnBad();

        stage().recorder().awaitWeight(model, 0, CEILING);
        assertThat(stage().recorder().history(model).weights()).containsExactly(0, 5, 25, 0);
    }

    @Test
    @Order(3)
    void a_rollout_outlives_its_operator() throws IOException {
        var model = stage().model(INTERRUPTED);

        stage().rollOut(model);
        stage().recorder().awaitWeight(model, 25, CEILING);
        awaitTraffic(SETTLING);
        var killed = Instant.now();
        stage().killOperator();
        awaitTraffic(SETTLING);
        var restarted = Instant.now();
        stage().restartOperator();
        figures.time("search: from the operator's SIGKILL to its new start", Duration.between(killed, restarted));
        figures.time("search: from its new start until it is ready", since(restarted));

        stage().recorder().awaitWeight(model, 100, CEILING);
        assertThat(stage().recorder().history(model).weights()).isEqualTo(RouteHistory.LADDER);
        assertThat(stage().failuresRecorded(model)).isZero();
    }

    @Test
    @Order(4)
    void what_the_routes_and_the_clients_saw_keeps_the_promises() {
        awaitTraffic(SETTLING.plus(SETTLING));
        var exchanges = stage().endLoad();
        var end = Instant.now();

        MODELS.forEach(name -> tell(stage().model(name), exchanges, end));
        tellTheFall(stage().model(BAD), exchanges);

        for (var name : MODELS) {
            var history = stage().recorder().history(stage().model(name));
            history.keepsThePromises();
            assertThat(history.rungs(end))
                    .as(name)
                    .allSatisfy(rung -> assertThat(share(stage().model(name), rung, exchanges))
                            .matches(Share::isWithinBounds, "within what chance allows"));
        }
        onlyTheBadModelFailed(exchanges);
    }

    private void onlyTheBadModelFailed(List<Exchange> exchanges) {
        var bad = stage().model(BAD).candidate();
        var failed = exchanges.stream().filter(Exchange::failed).toList();
        figures.number("requests in all", exchanges.size());
        figures.number("failed", failed.size());
        figures.number("failed by the bad model, as it counted itself", bad.failures());

        assertThat(failed)
                .allMatch(exchange -> exchange.status() == 500, "with status 500")
                .allMatch(exchange -> exchange.server().equals(bad.deployment()), "by the bad model")
                .hasSize((int) bad.failures())
                .isNotEmpty();
    }

    /** Puts the rungs of one model into the table. */
    private void tell(Model model, List<Exchange> exchanges, Instant end) {
        for (var rung : stage().recorder().history(model).rungs(end)) {
            var failed = exchanges.stream()
                    .filter(exchange -> exchange.model().equals(model.name()))
                    .filter(exchange -> exchange.isWithin(rung.from(), rung.to()))
                    .filter(Exchange::failed)
                    .toList();
            var byCandidate = failed.stream()
                    .filter(exchange ->
                            exchange.server().equals(model.candidate().deployment()))
                    .count();
            figures.rung(model, rung, share(model, rung, exchanges), failed.size(), byCandidate);
        }
    }

    private void tellTheFall(Model model, List<Exchange> exchanges) {
        var history = stage().recorder().history(model);
        var fall = history.seen().get(history.seen().size() - 1).at();
        var byCandidate = exchanges.stream()
                .filter(exchange -> exchange.server().equals(model.candidate().deployment()))
                .toList();
        byCandidate.stream()
                .filter(Exchange::failed)
                .map(Exchange::sent)
                .min(naturalOrder())
                .ifPresent(first -> figures.time(
                        "code: from the first request that failed until the watch saw 0 %",
                        Duration.between(first, fall)));
        byCandidate.stream()
                .map(Exchange::sent)
                .max(naturalOrder())
                .ifPresent(last -> figures.time(
                        "code: from there until the last request that the bad model got",
                        Duration.between(fall, last)));
    }

    /** Of the requests sent while the gateway surely served this weight. */
    private static Share share(Model model, Rung rung, List<Exchange> exchanges) {
        var counted = exchanges.stream()
                .filter(exchange -> exchange.model().equals(model.name()))
                .filter(exchange ->
                        exchange.isWithin(rung.from().plus(SETTLING), rung.to().minus(LATENESS)))
                .toList();
        var candidate = counted.stream()
                .filter(exchange -> exchange.server().equals(model.candidate().deployment()))
                .count();
        return new Share(rung.weight(), counted.size(), (int) candidate);
    }

    /** Waits until requests sent this much later than now are answered. */
    private void awaitTraffic(Duration later) {
        var until = Instant.now().plus(later);
        await("requests of " + until)
                .atMost(CEILING)
                .until(() -> stage().exchanges().stream()
                        .anyMatch(exchange -> exchange.sent().isAfter(until)));
    }

    private Stage stage() {
        return Objects.requireNonNull(opened);
    }

    private static Duration since(Instant begin) {
        return Duration.between(begin, Instant.now());
    }
}
