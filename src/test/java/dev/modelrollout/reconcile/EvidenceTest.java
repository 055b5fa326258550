package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.Town.condition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.SoloNoise;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What is promised about a rollout that is judged on raw counters, on a real API server, seen from outside. Evidence
 * takes time, so all stories begin at once.
 */
@NeedsApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTest {

    /** Whole events in real time are near their share, not on it. */
    private static final String ABOUT_ONE = "(0\\.9[5-9]\\d*|1|1\\.0[0-4]\\d*)";

    private static final String ABOUT_TEN = "(9\\.[5-9]\\d*|10|10\\.[0-4]\\d*)";

    private static final String HELD = "steps: [{weight: 10, hold: 20s}]";
    private static final String RISING = "steps: [{weight: 10, hold: 0s}, {weight: 50, hold: 1s}]";
    private static final String RISING_AND_HELD = "steps: [{weight: 10, hold: 0s}, {weight: 50, hold: 60s}]";

    private Town equal;
    private Town worse;
    private Town beyond;
    private Town disturbed;
    private Town interrupted;
    private Town unhurried;
    private Town followed;

    @BeforeAll
    void begin(ApiServer server) {
        equal = settled(server);
        worse = settled(server);
        beyond = settled(server);
        disturbed = settled(server);
        interrupted = settled(server);
        unhurried = settled(server);
        followed = settled(server);
        followed.traffic().fails("v2", 0.005);
        worse.traffic().fails("v2", 0.1);
        beyond.traffic().fails("v2", 0.1);
        equal.applyChat("v2", RISING, counted("worseThanStable: 10%"));
        worse.applyChat("v2", RISING, counted("worseThanStable: 10%"));
        beyond.applyChat("v2", RISING, counted("max: 2%"));
        disturbed.applyChat("v2", HELD, counted("worseThanStable: 10%, max: 5%"));
        disturb(disturbed.traffic(), Instant.now());
        interrupted.applyChat("v2", RISING_AND_HELD, counted("worseThanStable: 10%"));
        unhurried.applyChat("v2", counted("worseThanStable: 10%"), "ramp: {mode: Risk}", "paused: true");
        followed.applyChat(
                "v2", counted("max: 5%"), "ramp: {mode: Adaptive, every: 2s, step: 40, by: errors, threshold: 0%}");
        unhurried.awaitReason("Paused");
        unhurried.awaitStatus(
                seen -> estimates(seen, "about \\d+s at 33 % until every check is safe, if v2 is as good as v1"));
        unhurried.edit("chat", "\"paused\": false");
    }

    private static Town settled(ApiServer server) {
        var town = new Town(server).startOperator();
        town.applyChat("v1", counted("worseThanStable: 10%"));
        town.awaitReason("Live");
        return town;
    }

    private static String counted(String limits) {
        return "analysis: {interval: 1s, warmup: 0s, checks: [{name: errors, " + limits
                + ", counts: {bad: 'bad_total{deployment=\"$deployment\"}',"
                + " total: 'requests_total{deployment=\"$deployment\"}'}}]}";
    }

    private static void disturb(Traffic traffic, Instant from) {
        traffic.restarts("v2", from.plusSeconds(4))
                .restarts("v1", from.plusSeconds(6))
                .misses("v2", from.plusSeconds(8), from.plusSeconds(9))
                .misses("v1", from.plusSeconds(10), from.plusSeconds(11))
                .isUnreachable(from.plusSeconds(13), from.plusSeconds(16));
    }

    @AfterAll
    void end() {
        Stream.of(equal, worse, beyond, disturbed, interrupted, unhurried, followed)
                .forEach(Town::close);
    }

    @Test
    void an_equal_candidate_climbs_the_ladder_and_is_live() {
        var status = equal.awaitReason("Live");

        assertThat(equal.weights()).containsExactly(0, 10, 50, 100);
        assertThat(status.live()).isEqualTo("v2");
        assertThat(StatusReader.orEmpty(status.history()).get(0).evidence())
                .matches(
                        "errors (0\\.99\\d|1|1\\.0[01]) % \\[0\\.\\d+ %, 1\\.\\d+ %] against (0\\.99\\d|1|1\\.0[01]) % of v1,"
                                + " 100 % of the evidence that it is safe");
    }

    @Test
    void ten_times_the_errors_take_everything_back_and_the_message_says_on_what_evidence() {
        var status = worse.awaitReason("CheckFailed");

        assertThat(worse.weights()).containsExactly(0, 10, 0);
        assertThat(status.failedRevisions()).hasSize(1);
        assertThat(condition(status, "Ready").getMessage())
                .contains("limit: worseThanStable 10 %")
                .containsPattern("v2 " + ABOUT_TEN + " % \\(\\d+ of \\d+\\), v1 " + ABOUT_ONE + " % \\(");
    }

    @Test
    void more_than_is_allowed_takes_everything_back() {
        var status = beyond.awaitReason("CheckFailed");

        assertThat(beyond.weights()).containsExactly(0, 10, 0);
        assertThat(condition(status, "Ready").getMessage())
                .contains("limit: max 2 %")
                .containsPattern("v2 " + ABOUT_TEN + " % \\(\\d+ of \\d+\\), v1 " + ABOUT_ONE + " % \\(");
    }

    @Test
    void on_a_ramp_the_weight_follows_the_evidence_and_the_estimate_is_said_before() {
        IntStream.of(9, 33, 90).forEach(weight -> unhurried.awaitStatus(seen -> reaches(seen, weight)));
        var status = unhurried.awaitReason("Live");

        assertThat(unhurried.weights())
                .startsWith(0, 1)
                .endsWith(33, 60, 90, 100)
                .isSorted();
        assertThat(StatusReader.orEmpty(status.history()))
                .filteredOn(move -> Integer.valueOf(1).equals(move.weight()))
                .singleElement()
                .satisfies(move -> assertThat(move.evidence())
                        .matches("pods are ready, checks answer; about \\d+s at 33 % until every check is safe, if v2"
                                + " is as good as v1"));
    }

    @Test
    void an_adaptive_ramp_gives_the_better_version_everything() {
        followed.awaitReason("Live");

        assertThat(followed.weights()).containsExactly(0, 40, 80, 100);
    }

    @Test
    void restarted_pods_missed_scrapes_and_a_source_that_is_away_make_no_candidate_worse() {
        disturbed.awaitStatus(seen -> "v2".equals(seen.live()) || "RolledBack".equals(seen.phase()));

        assertThat(disturbed.weights()).containsExactly(0, 10, 100);
    }

    @Test
    void another_operator_goes_on_where_the_one_before_has_stopped() {
        interrupted.awaitWeight(50);
        var stored = interrupted.awaitStatus(seen -> Integer.valueOf(50).equals(seen.weight()));
        interrupted.awaitAnswers(evidence(stored).last().plusSeconds(3));
        interrupted.stopOperator();
        var stopped = Instant.now();
        interrupted.startOperator();
        interrupted.awaitAnswers(stopped.plusSeconds(2));
        interrupted.applyChat("v2", RISING_AND_HELD, counted("worseThanStable: 10%"), "paused: true");
        var later = interrupted.awaitReason("Paused");
        interrupted.traffic().fails("v2", 0.3);
        interrupted.awaitReason("CheckFailed");

        assertThat(check(stored))
                .returns("Undecided", CheckStatus::verdict)
                .satisfies(
                        check -> assertThat(check.candidate()).matches(ABOUT_ONE + " % \\[.*"),
                        check -> assertThat(check.stable()).matches(ABOUT_ONE + " %"),
                        check -> assertThat(check.ratio()).matches(ABOUT_ONE + " \\[.*"),
                        check -> assertThat(check.harm()).endsWith(" %"),
                        check -> assertThat(check.safe()).endsWith(" %"));
        assertThat(Objects.requireNonNull(stored.rollout()).estimate())
                .endsWith("until every check is safe, at this weight");
        assertThat(evidence(later).last()).isAfter(stopped);
        assertThat(increase(stored, later, Experience::candidate)).isEqualTo(happened("v2", stored, later));
        assertThat(increase(stored, later, Experience::stable)).isEqualTo(happened("v1", stored, later));
        assertThat(interrupted.weights()).containsExactly(0, 10, 50, 0);
    }

    private static boolean estimates(ModelRolloutStatus seen, String pattern) {
        var rollout = seen.rollout();
        return rollout != null
                && rollout.estimate() != null
                && rollout.estimate().matches(pattern);
    }

    private static boolean reaches(ModelRolloutStatus seen, int weight) {
        return Objects.requireNonNullElse(seen.weight(), 0) >= weight;
    }

    /** What was taken in of one version from one status to the other. */
    static Counts increase(
            ModelRolloutStatus before, ModelRolloutStatus after, Function<Experience, SoloNoise> version) {
        var left = version.apply(evidence(before).experience()).seen();
        var right = version.apply(evidence(after).experience()).seen();
        return new Counts(right.bad() - left.bad(), right.total() - left.total());
    }

    private Counts happened(String version, ModelRolloutStatus before, ModelRolloutStatus after) {
        return interrupted
                .traffic()
                .between(version, evidence(before).last(), evidence(after).last());
    }

    /** Of the first check. */
    static SequentialEvidence evidence(ModelRolloutStatus status) {
        var memory = Objects.requireNonNull(check(status).evidence());
        return WindowsText.read(Objects.requireNonNull(memory.windows()), SequentialEvidence.class)
                .orElseThrow();
    }

    private static CheckStatus check(ModelRolloutStatus status) {
        return StatusReader.orEmpty(status.checks()).get(0);
    }
}
