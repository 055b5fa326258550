package dev.modelrollout.rollout;

import static dev.modelrollout.rollout.Counted.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.CountLimit.BetterThanStable;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.RawCounters.Sample;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From counters at ticks to weights: what evidence does to a rollout. */
class CountsCheckTest {

    @Test
    void the_first_weight_needs_one_answer_and_the_history_is_asked_for() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);

        assertThat(rollout.weight()).isEqualTo(10);
        assertThat(rollout.decision().wanted().history())
                .hasSize(2)
                .allMatch(question ->
                        question.form() == Form.COUNTERS && question.query().contains("v1"));
    }

    @Test
    void a_history_that_comes_before_the_first_window_is_not_too_late() {
        var inTime = Counted.with(new WorseThanStable(0.1)).history(5, 500).tick(0, 0, 10, 1000);
        var late = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).blindTick(Blindness.TIMEOUT);
        var wanted = late.decision().wanted().history();
        inTime.blindTick(Blindness.TIMEOUT).ticks(3, 1, 100, 9, 900);
        late.history(5, 500).ticks(3, 1, 100, 9, 900);

        assertThat(wanted).hasSize(2);
        assertThat(late.state()).isEqualTo(inTime.state());
    }

    @Test
    void stables_past_tells_how_long_it_will_take_before_the_first_weight() {
        var rollout = askedOnce(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);

        assertThat(rollout.message())
                .matches(
                        "Raised v2 to 10 %: pods are ready, checks answer; about \\dm(\\d+s)? at 50 % until every check"
                                + " is safe, if v2 is as good as v1\\.");
    }

    @Test
    void stables_past_tells_how_long_it_will_take_under_the_ceiling() {
        var cut = askedOnce(new WorseThanStable(0.1)).maxWeight(30).tick(0, 0, 10, 1000);
        var waiting = askedOnce(new WorseThanStable(0.1)).maxWeight(0).tick(0, 0, 10, 1000);

        assertThat(cut.message()).contains(" at 30 % until every check is safe");
        assertThat(((Waiting) waiting.state()).outlook(waiting.plan(), waiting.world()))
                .hasValueSatisfying(outlook -> assertThat(outlook).contains(" at 50 % until every check is safe"));
    }

    @Test
    void the_estimate_is_that_of_the_check_that_takes_longest() {
        var slow = new WorseThanStable(0.1);
        var quick = new Max(0.5);
        var alone = askedOnce(slow).tick(0, 0, 10, 1000);
        var first = Counted.with(slow).checks(2).others(quick).history(5, 500).blindTick(Blindness.TIMEOUT);
        var last = Counted.with(quick).checks(2).others(slow).history(5, 500).blindTick(Blindness.TIMEOUT);
        first.tick(0, 0, 10, 1000);
        last.tick(0, 0, 10, 1000);

        assertThat(askedOnce(quick).tick(0, 0, 10, 1000).message()).isNotEqualTo(alone.message());
        assertThat(first.message()).isEqualTo(alone.message());
        assertThat(last.message()).isEqualTo(alone.message());
        assertThat(outlook(first, 0.01))
                .startsWith("about ")
                .isEqualTo(outlook(last, 0.01))
                .isEqualTo(outlook(alone, 0.01));
    }

    @Test
    void a_limit_that_stable_itself_does_not_keep_is_said_before_the_first_weight() {
        var rollout = askedOnce(new Max(0.005)).tick(0, 0, 10, 1000);

        assertThat(rollout.message())
                .contains("at 50 % check errors would never be safe, even if v2 is as good as v1: it needs more"
                        + " traffic or a wider limit");
    }

    /** 2,880 requests of the candidate in 30 days at 50 %, and safety within 0.1 % needs 4,400 without an error. */
    @Test
    void where_no_candidate_could_be_proven_safe_the_first_weight_waits() {
        var rollout = Counted.with(new Max(0.001))
                .history(sparse(30))
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);

        assertThat(rollout.weight()).isZero();
        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
        assertThat(rollout.message())
                .contains(
                        "Check errors: with v1's traffic",
                        "without a bad event",
                        "30d at 50 %",
                        "more traffic",
                        "wider limit");
    }

    /** Three times the traffic is enough for a faultless candidate, and so is a wider limit. */
    @Test
    void little_traffic_alone_does_not_keep_the_first_weight_waiting() {
        var more = Counted.with(new Max(0.001))
                .history(sparse(10))
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);
        var wider = Counted.with(new Max(0.01))
                .history(sparse(30))
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);

        assertThat(more.weight()).isEqualTo(10);
        assertThat(wider.weight()).isEqualTo(10);
    }

    /** 1,728 requests of the candidate in 30 days, and safety within 0.1 % needs 4,400; at 90 % there would be 15,552. */
    @Test
    void the_candidate_is_supposed_to_get_no_more_than_its_highest_step() {
        var rollout = Counted.with(new Max(0.001))
                .steps(List.of(new Step(10, Duration.ZERO)))
                .history(sparse(10))
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);

        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message()).contains("30d at 10 %");
    }

    /** A hundred windows for each request, of which one in ten fails: a faultless candidate is soon seen to be better. */
    @Test
    void the_worse_stable_is_the_fewer_requests_it_takes() {
        var failing = IntStream.range(0, 1000)
                .mapToObj(i -> new Halves(new Counts(i == 0 ? 1 : 0, i % 100 == 0 ? 1 : 0), Counts.NONE))
                .toList();
        var rollout = Counted.with(new WorseThanStable(0.1))
                .history(failing)
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);

        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void a_service_that_was_idle_may_be_released() {
        var idle = Collections.nCopies(240, new Halves(Counts.NONE, Counts.NONE));
        var rollout = Counted.with(new Max(0.001))
                .history(idle)
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 1);

        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void a_candidate_may_mend_what_stable_does_not_keep() {
        var rollout = Counted.with(new Max(0.005), new WorseThanStable(0.1))
                .history(50, 500)
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 10, 1000);

        assertThat(rollout.weight()).isEqualTo(10);
    }

    /** By itself a window of less than a request tells nothing of the share of errors. */
    @Test
    void the_estimate_of_rare_requests_goes_by_the_errors_of_all_of_them() {
        var rare = IntStream.range(0, 240)
                .mapToObj(i -> new Halves(new Counts(i % 60 == 0 ? 1 : 0, 1), new Counts(i % 60 == 30 ? 1 : 0, 1)))
                .toList();
        var rollout = Counted.with(new Max(0.05))
                .history(rare)
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 0, 2);

        assertThat(rollout.message()).matches(".* about [12]h(\\d+m)? at 50 % until every check is safe.*");
    }

    /** One request in so many windows. */
    private static List<Halves> sparse(int windows) {
        return IntStream.range(0, 240)
                .mapToObj(i -> new Halves(new Counts(0, i % windows == 0 ? 1 : 0), Counts.NONE))
                .toList();
    }

    @Test
    void what_was_measured_tells_how_long_it_will_still_take() {
        assertThat(outlook(Counted.with(new WorseThanStable(0.1)), 0.01))
                .matches("about \\d+m(\\d+s)? more until every check is safe, at this weight");
        assertThat(outlook(Counted.with(new WorseThanStable(0.1), new Max(0.005)), 0.01))
                .isEqualTo("at this weight check errors would never be safe, even if v2 is as good as v1: it needs more"
                        + " traffic or a wider limit");
    }

    @Test
    void what_takes_longer_than_anybody_waits_is_never_safe() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 1e-15, 1e-13)
                .ticks(3, 1e-17, 1e-15, 1e-15, 1e-13);

        assertThat(outlook(rollout).orElse("")).startsWith("at this weight check errors would never be safe");
    }

    @Test
    void before_the_first_request_nothing_is_said_to_be_out_of_reach() {
        var rollout = Counted.with(new Max(0.02))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 1, 90)
                .tick(0, 0, 0, 9);

        assertThat(outlook(rollout)).isEmpty();
        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void the_warm_up_is_held_and_without_checks_there_is_none() {
        var measured = warmingUp().tick(10, 1000, 90, 9000);
        var unmeasured = Counted.with(new Max(0.02))
                .checks(0)
                .warmup(Duration.ofMinutes(5))
                .ticks(2, 0, 0, 10, 1000);

        assertThat(measured.message()).isEqualTo("Holding 10 % until 2026-03-01T12:05:00Z at the earliest.");
        assertThat(unmeasured.weight()).isEqualTo(50);
    }

    private static String outlook(Counted rollout, double share) {
        rollout.steps(List.of(new Step(10, Duration.ofHours(1)))).tick(0, 0, 10, 1000);
        return outlook(rollout.shared(3, share, share)).orElse("");
    }

    private static Optional<String> outlook(Counted rollout) {
        var climbing = (Progressing) rollout.state();
        return climbing.outlook(
                rollout.plan(), climbing.measurements().findings(rollout.plan()).all());
    }

    @Test
    void what_is_safe_takes_no_longer() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .history(5, 500)
                .tick(0, 0, 10, 1000)
                .ticks(40, 10, 1000, 90, 9000);

        assertThat(rollout.verdict()).isEqualTo("Safe");
        assertThat(outlook(rollout)).isEmpty();
    }

    @Test
    void its_numbers_are_there_after_the_first_window() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000);
        rollout.blindTick(Blindness.TIMEOUT);
        var before = finding(rollout);
        rollout.ticks(4, 8, 1000, 90, 9000);
        var after = finding(rollout);

        assertThat(before.check().candidate(before.measured())).isEmpty();
        assertThat(before.check().stable(before.measured())).isEmpty();
        assertThat(after.check().candidate(after.measured()))
                .hasValueSatisfying(text -> assertThat(text).startsWith("0.8 % ["));
        assertThat(after.check().stable(after.measured())).hasValue("1 %");
        assertThat(after.check().support(after.measured(), "v2", "v1"))
                .startsWith("0.8 % [")
                .contains("] against 1 % of v1, ");
        assertThat(after.check().safety(after.measured()))
                .isBetween(before.check().safety(before.measured()) + 0.01, 0.99);
    }

    @Test
    void a_rise_needs_a_window_that_began_after_the_warm_up() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .warmup(Duration.ofSeconds(20))
                .history(5, 500)
                .tick(0, 0, 10, 1000)
                .ticks(2, 10, 1000, 90, 9000);
        var tooEarly = rollout.message();
        rollout.tick(10, 1000, 90, 9000);

        assertThat(tooEarly).isEqualTo("Measuring at 10 %: check errors needs a window at this weight.");
        assertThat(rollout.weight()).isEqualTo(50);
    }

    @Test
    void a_rise_needs_a_window_that_began_when_the_gateway_served_the_weight() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .takenAfter(Duration.ofSeconds(3))
                .history(5, 500)
                .tick(0, 0, 10, 1000)
                .tick(10, 1000, 90, 9000);
        var tooEarly = rollout.message();
        rollout.tick(10, 1000, 90, 9000);

        assertThat(tooEarly).isEqualTo("Measuring at 10 %: check errors needs a window at this weight.");
        assertThat(rollout.weight()).isEqualTo(50);
    }

    @Test
    void the_metrics_are_seen_once_every_check_has_numbers() {
        var rollout = climbing();
        var seen = rollout.decision().sight();
        rollout.checks(2)
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .routeIsThere(true)
                .tick(1, 100, 9, 900);
        var oneIsNew = rollout.decision().sight();

        assertThat(seen).isEqualTo(Decision.Sight.ANSWERED);
        assertThat(oneIsNew).isNull();
        assertThat(rollout.tick(1, 100, 9, 900).decision().sight()).isEqualTo(Decision.Sight.ANSWERED);
    }

    @Test
    void a_check_that_compares_says_so() {
        assertThat(check(new WorseThanStable(0.1)).comparesWithStable()).isTrue();
        assertThat(check(new Max(0.1)).comparesWithStable()).isFalse();
    }

    private static NamedCheck check(CountLimit limit) {
        return Counted.with(limit).plan().analysis().checks().get(0);
    }

    @Test
    void counters_that_have_no_sum_are_out_of_domain() {
        var huge = Map.of(series("0.1"), 1e308, series("0.5"), 1e308);
        var rollout = Counted.with(new Max(0.02)).tick(Map.of("v1", List.of(huge, huge), "v2", List.of(huge, huge)));

        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message()).contains("OutOfDomain");
    }

    private static Series series(String bound) {
        return new Series("serving", "chat-v1-a", "a", bound);
    }

    @Test
    void an_equal_candidate_rises_step_by_step_and_goes_live_once_it_is_safe() {
        var rollout = Counted.with(new WorseThanStable(0.1)).history(5, 500).tick(0, 0, 10, 1000);
        rollout.ticks(12, 1, 100, 9, 900);
        var second = rollout.weight();
        rollout.ticks(60, 5, 500, 5, 500);

        assertThat(second).isEqualTo(50);
        assertThat(rollout.state()).isInstanceOf(Live.class);
        assertThat(rollout.decision().next())
                .isInstanceOfSatisfying(
                        Live.class, live -> assertThat(live.ledger().live()).isEqualTo("v2"));
    }

    @Test
    void a_bad_candidate_is_taken_back_on_evidence_and_the_message_says_on_which() {
        var rollout = Counted.with(new WorseThanStable(0.1)).history(5, 500).tick(0, 0, 10, 1000);
        rollout.ticks(1, 10, 100, 9, 900);
        var one = rollout.weight();
        rollout.ticks(3, 10, 100, 9, 900);

        assertThat(one).isEqualTo(10);
        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message())
                .startsWith("Rolled back at 10 %: check errors: v2 10 % (")
                .contains("v1 1 % (", "limit: worseThanStable 10 %", "raise spec.attempt to 2");
    }

    @Test
    void of_two_checks_the_one_that_is_harmful_is_blamed() {
        var rollout = Counted.with(new Max(0.5)).checks(2).others(new WorseThanStable(0.1));
        rollout.tick(0, 0, 10, 1000).ticks(8, 10, 100, 9, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.message()).contains("check errors1: ", "limit: worseThanStable 10 %");
    }

    @Test
    void held_on_failure_it_stays_and_says_so() {
        var rollout = Counted.with(new WorseThanStable(0.1)).holdOnFailure().history(5, 500);
        rollout.tick(0, 0, 10, 1000).ticks(4, 10, 100, 9, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.HELD_ON_FAILURE);
        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void no_step_risks_more_than_a_hundredth_of_all_requests() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(3, 0, 60, 5, 540);

        assertThat(rollout.weight()).isEqualTo(10);
        assertThat(rollout.message())
                .isEqualTo("Measuring at 10 %: check errors needs more requests: at 50 % up to "
                        + Numbers.percent(
                                findings(rollout).excess().orElseThrow().share() / 2)
                        + " of all requests might fail beyond what stable fails, 1 % is allowed.");
    }

    @Test
    void with_half_of_the_evidence_of_harm_nothing_rises() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .history(5, 500)
                .tick(0, 0, 100, 10000);
        for (var i = 0; i < 200 && harm(rollout) <= 0.5; i++) {
            rollout.tick(14, 1000, 90, 9000);
        }
        assertThat(harm(rollout)).isBetween(0.5, 0.9);
        rollout.steps(List.of(new Step(10, Duration.ZERO), new Step(50, Duration.ZERO)))
                .tick(14, 1000, 90, 9000);

        assertThat(rollout.weight()).isEqualTo(10);
        assertThat(rollout.message()).contains("the evidence of harm");
    }

    private static double harm(Counted rollout) {
        return findings(rollout).harm().progress();
    }

    @Test
    void the_evidence_of_harm_of_the_only_check_is_that_of_the_rollout() {
        var rollout = climbing().tick(10, 100, 9, 900);

        assertThat(finding(rollout).harm()).isPositive().isEqualTo(harm(rollout));
    }

    @Test
    void the_check_that_knows_least_says_what_the_candidate_may_fail() {
        var checks = Counted.with(new WorseThanStable(0.1))
                .checks(2)
                .plan()
                .analysis()
                .checks();
        var findings = Findings.of(checks, Map.of("errors", measured(1), "errors1", measured(8)));

        assertThat(findings.excess())
                .hasValueSatisfying(excess -> assertThat(excess.check()).isEqualTo("errors"));
    }

    private static Measured measured(int windows) {
        return finding(Counted.with(new WorseThanStable(0.1))
                        .steps(List.of(new Step(10, Duration.ofHours(1))))
                        .tick(0, 0, 10, 1000)
                        .ticks(windows, 1, 100, 9, 900))
                .measured();
    }

    @Test
    void the_last_step_needs_every_check_safe() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(4, 10, 1000, 90, 9000);

        assertThat(rollout.weight()).isEqualTo(50);
        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void both_beyond_the_limit_halt_and_nothing_moves() {
        var rollout = Counted.with(new Max(0.02)).history(5, 500).tick(0, 0, 100, 1000);
        rollout.ticks(20, 20, 200, 180, 1800);

        assertThat(rollout.reason()).isEqualTo(Reason.BOTH_UNHEALTHY);
        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void both_beyond_a_limit_and_the_candidate_worse_than_stable_is_taken_back() {
        var rollout = Counted.with(new Max(0.02), new WorseThanStable(0.1)).history(5, 500);
        rollout.tick(0, 0, 40, 1000).ticks(20, 4, 100, 36, 900);
        var equal = rollout.reason();
        rollout.ticks(20, 40, 100, 36, 900);

        assertThat(equal).isEqualTo(Reason.BOTH_UNHEALTHY);
        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
    }

    @Test
    void the_candidate_alone_beyond_the_limit_is_taken_back() {
        var rollout = Counted.with(new Max(0.02)).history(5, 500).tick(0, 0, 10, 1000);
        rollout.ticks(20, 20, 200, 18, 1800);

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.message()).contains("limit: max 2 %");
    }

    @Test
    void without_being_better_no_step_is_passed() {
        var equal = Counted.with(new BetterThanStable(0.1)).history(50, 500).tick(0, 0, 100, 1000);
        equal.ticks(40, 100, 1000, 900, 9000);
        var better = Counted.with(new BetterThanStable(0.1)).history(50, 500).tick(0, 0, 100, 1000);
        better.ticks(40, 40, 1000, 900, 9000);

        assertThat(equal.weight()).isEqualTo(10);
        assertThat(equal.reason()).isEqualTo(Reason.PROGRESSING);
        assertThat(better.state()).isInstanceOf(Live.class);
    }

    @Test
    void beside_another_limit_too_each_step_needs_it_to_be_better() {
        var checks = Counted.with(new WorseThanStable(0.1), new BetterThanStable(0.1))
                .plan()
                .analysis()
                .checks();

        assertThat(checks.get(0).isNeededForEachRise()).isTrue();
    }

    @Test
    void another_check_is_no_reason_to_hold_a_step_anew() {
        var rollout = climbing();
        var since = ((Progressing) rollout.state()).since();

        assertThat(((Progressing) rollout.checkChanged().tick(1, 100, 9, 900).state()).since())
                .isEqualTo(since);
    }

    @Test
    void evidence_of_other_limits_is_forgotten() {
        var two = Counted.with(new WorseThanStable(0.1), new Max(0.05))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900);
        var known = finding(two).measured();
        var one = Counted.with(new Max(0.02)).plan().analysis().checks().get(0);

        assertThat(one.measured(known, NOTHING_SEEN)).isEqualTo(one.measured(null, NOTHING_SEEN));
    }

    private static final Sights NOTHING_SEEN = new Sights(
            List.of(),
            null,
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            false,
            0.1,
            1,
            1,
            Counted.INTERVAL,
            Instant.EPOCH);

    @Test
    void processes_without_a_pod_are_told_apart_by_their_instance() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(instances(50, 500, 50, 500))
                .tick(instances(51, 600, 51, 600))
                .tick(instances(52, 700, 1, 100))
                .tick(instances(53, 800, 2, 200));

        assertThat(counts(rollout)).startsWith("v2 1 % (6 of 600)");
    }

    /** Of two processes of each version. */
    private static Map<String, List<Map<Series, Double>>> instances(
            double oneBad, double oneTotal, double otherBad, double otherTotal) {
        return Map.of(
                "v2", instances("10.0.0.1", "10.0.0.2", oneBad, oneTotal, otherBad, otherTotal),
                "v1", instances("10.0.0.3", "10.0.0.4", oneBad, oneTotal, otherBad, otherTotal));
    }

    private static List<Map<Series, Double>> instances(
            String one, String other, double oneBad, double oneTotal, double otherBad, double otherTotal) {
        var first = new Series("node", "", one, "");
        var second = new Series("node", "", other, "");
        return List.of(Map.of(first, oneBad, second, otherBad), Map.of(first, oneTotal, second, otherTotal));
    }

    @Test
    void pods_that_are_not_ready_need_no_counters() {
        var rollout = Counted.with(new WorseThanStable(0.1)).perPod().pods(3).unreadyStables(2);
        rollout.tick(Map.of("v1", counting("v1", 3), "v2", counting("v2", 3)));

        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void traffic_that_stops_is_harm() {
        var rollout = Counted.trafficStops();

        assertThat(rollout.reason()).isEqualTo(Reason.TRAFFIC_MISSING);
        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message())
                .startsWith("Rolled back at 10 %: check errors: v2 had requests and gets none any more");
    }

    @Test
    void one_missed_scrape_of_all_its_pods_is_no_missing_traffic() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(2, 1, 100, 9, 900).missedTick("v2", 1, 100, 9, 900);
        rollout.tick(1, 100, 9, 900).tick(1, 100, 9, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.PROGRESSING);
        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void a_series_that_is_gone_for_two_ticks_is_missing_traffic() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(2, 1, 100, 9, 900).missedTick("v2", 1, 100, 9, 900).missedTick("v2", 1, 100, 9, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.TRAFFIC_MISSING);
    }

    @Test
    void traffic_that_never_came_is_blindness() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(3, 0, 0, 10, 1000);

        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
        assertThat(rollout.message()).contains("NoData");
        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void traffic_that_the_gateway_does_not_give_yet_is_not_missed() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .takenAfter(Duration.ofHours(1))
                .tick(0, 0, 10, 1000)
                .ticks(3, 0, 0, 10, 1000);

        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void little_traffic_is_neither() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 0, 10);
        rollout.ticks(5, 0, 0, 0, 9);

        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void a_share_that_does_not_fit_the_weight_is_blindness() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.ticks(3, 0, 20, 9, 980);

        assertThat(rollout.message()).contains("ShareMismatch");
    }

    @Test
    void a_gap_makes_one_longer_window_and_no_verdict() {
        var rollout =
                Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).ticks(3, 1, 100, 9, 900);
        for (var i = 0; i < 8; i++) {
            rollout.blindTick(Blindness.UNREACHABLE);
        }
        var blind = rollout.reason();
        rollout.tick(9, 900, 81, 8100);

        assertThat(blind).isEqualTo(Reason.BLIND);
        assertThat(rollout.reason()).isEqualTo(Reason.PROGRESSING);
        assertThat(counts(rollout)).isEqualTo("v2 1 % (12 of 1200), v1 1 % (108 of 10800)");
    }

    @Test
    void a_missed_scrape_of_stable_is_blindness_and_bridged() {
        var rollout = climbing().missedTick("v1", 1, 100, 9, 900);
        var missed = rollout.verdict();
        rollout.tick(1, 100, 9, 900);

        assertThat(missed).isEqualTo("Blind");
        assertThat(rollout.verdict()).isEqualTo("Undecided");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (5 of 500), v1 1 % (45 of 4500)");
    }

    @Test
    void a_gap_of_more_than_five_minutes_is_not_bridged() {
        var rollout =
                Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).ticks(3, 0, 10, 9, 900);
        for (var i = 0; i < 24; i++) {
            rollout.blindTick(Blindness.UNREACHABLE);
        }
        rollout.tick(500, 1000, 0, 9000).tick(0, 10, 9, 900);

        assertThat(rollout.weight()).isEqualTo(10);
        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 40), v1 1 % (36 of 3600)");
    }

    @Test
    void a_query_without_an_answer_is_blindness_though_the_others_are_asked_at_other_ticks() {
        for (var silent : List.of("v1", "v2")) {
            var rollout = climbing();
            var other = silent.equals("v1") ? "v2" : "v1";
            rollout.blindTickOf(silent, Blindness.TIMEOUT);

            assertThat(rollout.verdict()).isEqualTo("Blind");
            assertThat(rollout.message()).contains("Timeout");
            assertThat(rollout.tickOf(other, 0, 0, 0, 0).verdict()).isEqualTo("Blind");
        }
    }

    @Test
    void time_spent_blind_counts_from_the_first_query_without_an_answer() {
        var rollout = climbing().blindTickOf("v2", Blindness.TIMEOUT);
        var since = patience(rollout).blindSince();
        rollout.blindTickOf("v1", Blindness.TIMEOUT).blindTick(Blindness.TIMEOUT);

        assertThat(since).isNotNull();
        assertThat(patience(rollout).blindSince()).isEqualTo(since);
    }

    @Test
    void answers_of_one_tick_that_come_one_after_another_are_no_blindness_and_one_window() {
        for (var late : List.of("v1", "v2")) {
            var rollout = climbing();
            for (var i = 0; i < 3; i++) {
                rollout.begunTick(late, 1, 100, 9, 900);
                assertThat(rollout.verdict()).isEqualTo("Undecided");
                rollout.completed(late, Duration.ofMillis(200));
                assertThat(rollout.verdict()).isEqualTo("Undecided");
            }

            assertThat(counts(rollout)).isEqualTo("v2 1 % (6 of 600), v1 1 % (54 of 5400)");
        }
    }

    @Test
    void a_query_without_series_is_no_blindness_before_the_others_are_answered() {
        var rollout = climbing().blindTickOf("v2", Blindness.NO_DATA);

        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void answers_that_meet_at_no_tick_for_a_minute_are_blindness() {
        var rollout = climbing();
        var verdicts = new ArrayList<String>();
        for (var i = 0; i < 8; i++) {
            verdicts.add(
                    rollout.tickOf(i % 2 == 0 ? "v1" : "v2", 1, 100, 9, 900).verdict());
        }

        assertThat(verdicts.subList(0, 6)).containsOnly("Undecided");
        assertThat(verdicts.subList(6, 8)).containsOnly("Blind");
        assertThat(rollout.message()).contains("Stale");
    }

    @Test
    void what_was_not_known_at_some_ticks_is_in_the_next_window_once() {
        var rollout = climbing().tickOf("v2", 1, 100, 9, 900).blindTickOf("v1", Blindness.TIMEOUT);
        rollout.ticks(2, 1, 100, 9, 900);

        assertThat(rollout.verdict()).isEqualTo("Undecided");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (6 of 600), v1 1 % (54 of 5400)");
    }

    @Test
    void harm_is_found_after_ticks_with_answers_to_some_queries_alone() {
        var rollout = climbing().tickOf("v2", 10, 100, 9, 900).blindTickOf("v1", Blindness.TIMEOUT);
        rollout.ticks(6, 10, 100, 9, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.weight()).isZero();
    }

    @Test
    void before_the_first_weight_a_query_without_an_answer_is_blindness_too() {
        var rollout = Counted.with(new WorseThanStable(0.1)).blindTickOf("v2", Blindness.TIMEOUT);

        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
    }

    private static Counted climbing() {
        return Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .history(5, 500)
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900);
    }

    private static Patience patience(Counted rollout) {
        return ((Progressing) rollout.state()).patience();
    }

    @Test
    void a_sum_that_fell_costs_two_windows_and_nothing_of_what_was_known() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(sums(0, 0, 10, 1000))
                .tick(sums(1, 100, 19, 1900))
                .tick(sums(2, 200, 28, 2800))
                .tick(sums(1, 150, 37, 3700))
                .wokenAfter(Duration.ofMillis(200));
        var fallen = counts(rollout);
        rollout.tick(sums(2, 250, 46, 4600)).tick(sums(3, 350, 55, 5500));

        assertThat(fallen).isEqualTo("v2 1 % (2 of 200), v1 1 % (18 of 1800)");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (3 of 300), v1 1 % (27 of 2700)");
    }

    private static Map<String, List<Map<Series, Double>>> sums(
            double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        var all = new Series("", "", "", "");
        return Map.of(
                "v2", List.of(Map.of(all, candidateBad), Map.of(all, candidateTotal)),
                "v1", List.of(Map.of(all, stableBad), Map.of(all, stableTotal)));
    }

    @Test
    void a_gap_of_five_minutes_is_bridged() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900);
        for (var i = 0; i < 19; i++) {
            rollout.blindTick(Blindness.UNREACHABLE);
        }
        rollout.tick(20, 2000, 180, 18000);

        assertThat(counts(rollout)).isEqualTo("v2 1 % (23 of 2300), v1 1 % (207 of 20700)");
    }

    @Test
    void after_a_restart_the_open_window_waits_for_its_left_end() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900);
        rollout.processRestarts().tick(1, 100, 9, 900);
        var waiting = counts(rollout);
        rollout.answeredOnceMore().tick(1, 100, 9, 900);

        assertThat(waiting).isEqualTo("v2 1 % (3 of 300), v1 1 % (27 of 2700)");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (5 of 500), v1 1 % (45 of 4500)");
    }

    @Test
    void after_a_restart_the_left_end_is_not_waited_for_longer_than_a_window_may_be() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900);
        rollout.processRestarts().ticks(19, 1, 100, 9, 900);
        var waiting = counts(rollout);
        rollout.ticks(2, 1, 100, 9, 900);

        assertThat(waiting).isEqualTo("v2 1 % (3 of 300), v1 1 % (27 of 2700)");
        assertThat(counts(rollout)).isNotEqualTo(waiting);
    }

    @Test
    void what_stables_past_tells_of_noise_finds_harm_sooner() {
        assertThat(ticksUntilHarm(Counted.with(new WorseThanStable(0.1)).history(5, 500)))
                .isLessThan(ticksUntilHarm(Counted.with(new WorseThanStable(0.1))));
    }

    private static int ticksUntilHarm(Counted rollout) {
        rollout.steps(List.of(new Step(10, Duration.ofHours(1)))).tick(0, 0, 10, 1000);
        for (var ticks = 1; ticks < 1000; ticks++) {
            if (rollout.tick(3, 100, 9, 900).reason() == Reason.CHECK_FAILED) {
                return ticks;
            }
        }
        throw new AssertionError("no harm");
    }

    @Test
    void a_process_that_starts_anew_counts_from_nothing() {
        var rollout =
                Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).ticks(2, 0, 10, 9, 900);
        rollout.restarted("v1").restarted("v2").tick(0, 10, 9, 900);

        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 30), v1 1 % (27 of 2700)");
    }

    @Test
    void one_version_that_answers_for_both_is_blindness() {
        var same = Map.of(new Series("serving", "chat", "a", ""), 10.0);
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.tick(Map.of("v1", List.of(same, same), "v2", List.of(same, same)));

        assertThat(rollout.message()).contains("Indistinguishable");
    }

    @Test
    void one_version_that_answers_for_both_keeps_the_first_weight_waiting() {
        var same = Map.of(new Series("serving", "chat", "a", ""), 10.0);
        var rollout = Counted.with(new WorseThanStable(0.1));
        rollout.tick(Map.of("v1", List.of(same, same), "v2", List.of(same, same)));

        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message()).contains("Check errors", "v2 (Indistinguishable", "put $version");
    }

    @Test
    void two_versions_of_which_a_gateway_has_counted_nothing_yet_are_not_one() {
        var nothing = Map.of(new Series("serving", "gateway", "a", ""), 0.0);
        var rollout = Counted.with(new WorseThanStable(0.1));
        rollout.tick(Map.of("v1", List.of(nothing, nothing), "v2", List.of(nothing, nothing)));

        assertThat(rollout.weight()).isEqualTo(10);
    }

    @Test
    void a_ready_pod_without_counters_is_blindness_where_each_should_have_some() {
        var rollout = Counted.with(new WorseThanStable(0.1)).perPod().tick(0, 0, 10, 1000);
        rollout.tick(Map.of(
                "v1", List.of(Map.of(pod("v1", "a"), 20.0), Map.of(pod("v1", "a"), 2000.0)),
                "v2", List.of(Map.of(), Map.of())));

        assertThat(rollout.message()).contains("Coverage");
    }

    @Test
    void ready_pods_without_counters_keep_the_first_weight_waiting() {
        var rollout = Counted.with(new WorseThanStable(0.1)).perPod().pods(3);
        rollout.tick(0, 0, 10, 1000);

        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
        assertThat(rollout.message()).contains("no answer for v2 (Coverage");
        assertThat(rollout.weight()).isZero();
    }

    @Test
    void four_of_five_pods_with_counters_are_enough() {
        var enough = Counted.with(new WorseThanStable(0.1)).perPod().pods(5);
        enough.tick(Map.of("v1", counting("v1", 5), "v2", counting("v2", 4)));
        var tooFew = Counted.with(new WorseThanStable(0.1)).perPod().pods(5);
        tooFew.tick(Map.of("v1", counting("v1", 5), "v2", counting("v2", 3)));

        var sevenOfNine = Counted.with(new WorseThanStable(0.1)).perPod().pods(9);
        sevenOfNine.tick(Map.of("v1", counting("v1", 9), "v2", counting("v2", 7)));

        assertThat(enough.weight()).isEqualTo(10);
        assertThat(tooFew.message()).contains("no answer for v2 (Coverage");
        assertThat(sevenOfNine.message()).contains("no answer for v2 (Coverage");
    }

    @Test
    void stables_pods_without_counters_are_seen_before_the_first_weight_and_after_it() {
        var waiting = Counted.with(new WorseThanStable(0.1)).perPod().pods(1, 5);
        waiting.tick(Map.of("v1", counting("v1", 1), "v2", counting("v2", 1)));
        var climbing = Counted.with(new WorseThanStable(0.1)).perPod().pods(1, 5);
        climbing.tick(Map.of("v1", counting("v1", 5), "v2", counting("v2", 1)));
        var weight = climbing.weight();
        climbing.tick(Map.of("v1", counting("v1", 3), "v2", counting("v2", 1)));

        assertThat(waiting.message()).contains("no answer for v1 (Coverage");
        assertThat(weight).isEqualTo(10);
        assertThat(climbing.message()).contains("Coverage");
    }

    @Test
    void each_version_is_held_against_its_own_pods() {
        var rollout = Counted.with(new WorseThanStable(0.1)).perPod().pods(2, 5);
        rollout.tick(Map.of("v1", counting("v1", 5), "v2", counting("v2", 2)));
        rollout.tick(Map.of("v1", counting("v1", 5), "v2", counting("v2", 2)));

        assertThat(rollout.weight()).isEqualTo(10);
        assertThat(rollout.message()).doesNotContain("Coverage");
    }

    @Test
    void a_pod_that_is_younger_than_the_newest_counters_is_no_blindness() {
        var rollout = onePodEach().pods(2).wokenAfter(Duration.ofSeconds(1));

        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void a_new_pod_costs_one_window() {
        var rollout = onePodEach().pods(2).tick(grown(3, 2)).tick(grown(4, 2)).tick(grown(5, 2));

        assertThat(rollout.verdict()).isEqualTo("Undecided");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (6 of 600), v1 1 % (6 of 600)");
    }

    /** Two windows of 100 requests each. */
    private static Counted onePodEach() {
        return Counted.with(new WorseThanStable(0.1))
                .perPod()
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(grown(0, 1))
                .tick(grown(1, 1))
                .tick(grown(2, 1));
    }

    /** After so many windows each pod has had 100 requests in each of them, one of them bad. */
    private static Map<String, List<Map<Series, Double>>> grown(int windows, int pods) {
        return Map.of("v1", grown("v1", windows, pods), "v2", grown("v2", windows, pods));
    }

    private static List<Map<Series, Double>> grown(String version, int windows, int pods) {
        return counting(version, pods).stream()
                .map(counts -> counts.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, count -> count.getValue() * windows)))
                .toList();
    }

    @Test
    void no_request_is_due_where_somebody_else_has_taken_the_traffic() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .tick(0, 0, 10, 1000)
                .ticks(3, 1, 100, 9, 900)
                .takenAway()
                .ticks(4, 0, 0, 10, 1000);

        assertThat(rollout.state()).isInstanceOf(Halted.class);
        assertThat(rollout.reason()).isEqualTo(Reason.CONTESTED);
    }

    @Test
    void counters_that_were_still_on_their_way_when_it_became_due_are_an_answer() {
        var onTheirWay = Counted.with(new WorseThanStable(0.1)).dueAfter(Duration.ofSeconds(9));
        var old = Counted.with(new WorseThanStable(0.1)).dueAfter(Duration.ofSeconds(10));

        assertThat(onTheirWay.tick(0, 0, 10, 1000).weight()).isEqualTo(10);
        assertThat(old.tick(0, 0, 10, 1000).weight()).isZero();
        assertThat(old.tick(0, 0, 10, 1000).weight()).isEqualTo(10);
    }

    @Test
    void a_candidate_that_has_counted_nothing_yet_does_not_wait_for_its_first_request() {
        var rollout = Counted.with(new WorseThanStable(0.1)).perPod();
        rollout.tick(Map.of("v1", counting("v1", 1), "v2", List.of(Map.of(), Map.of())));

        assertThat(rollout.weight()).isEqualTo(10);
    }

    /** So many pods, each with one bad request of 100. */
    private static List<Map<Series, Double>> counting(String version, int pods) {
        return Stream.of(1.0, 100.0)
                .map(count -> IntStream.range(0, pods)
                        .boxed()
                        .collect(Collectors.toMap(i -> pod(version, "pod" + i), i -> count)))
                .toList();
    }

    @Test
    void stable_without_counters_keeps_the_first_weight_waiting_and_says_what_was_looked_for() {
        var rollout = Counted.with(new WorseThanStable(0.1));
        rollout.tick(Map.of("v1", List.of(Map.of(), Map.of()), "v2", List.of(Map.of(), Map.of())));

        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
        assertThat(rollout.message())
                .contains("no answer for v1 (NoData", "No series match total{v=\"$version\"}; it needs an engine.");
    }

    @Test
    void errors_of_an_instance_that_has_no_requests_are_out_of_domain() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000);
        rollout.tick(Map.of(
                "v1", List.of(Map.of(pod("v1", "a"), 1.0), Map.of(pod("v1", "a"), 10.0)),
                "v2", List.of(Map.of(pod("v2", "a"), 1.0), Map.of(pod("v2", "b"), 10.0))));

        assertThat(rollout.message()).contains("OutOfDomain");
    }

    @Test
    void a_sum_that_falls_says_nothing_in_this_window_and_the_next() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(sum(0, 0, 10, 1000));
        rollout.tick(sum(1, 100, 19, 1900)).tick(sum(2, 200, 5, 500)).tick(sum(3, 300, 14, 1400));
        var before = counts(rollout);
        rollout.tick(sum(4, 400, 23, 2300));

        assertThat(before).isEqualTo("v2 1 % (1 of 100), v1 1 % (9 of 900)");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (2 of 200), v1 1 % (18 of 1800)");
    }

    @Test
    void a_sum_of_bad_events_that_fell_is_no_window_nor_is_the_next() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(sum(0, 0, 10, 1000));
        rollout.tick(sum(10, 1000, 19, 1900))
                .tick(sum(5, 1900, 28, 2800))
                .tick(sum(14, 2800, 37, 3700))
                .tick(sum(23, 3700, 46, 4600));

        assertThat(counts(rollout)).isEqualTo("v2 1 % (19 of 1900), v1 1 % (18 of 1800)");
    }

    @Test
    void a_sum_that_rests_loses_nothing() {
        var rollout = Counted.with(new WorseThanStable(0.1)).tick(sum(0, 0, 10, 1000));
        rollout.tick(sum(1, 100, 19, 1900)).tick(sum(1, 100, 19, 1900)).tick(sum(2, 200, 28, 2800));

        assertThat(counts(rollout)).isEqualTo("v2 1 % (2 of 200), v1 1 % (18 of 1800)");
    }

    private static Map<String, List<Map<Series, Double>>> sum(double bad, double total, double bad1, double total1) {
        var all = new Series("", "", "", "");
        return Map.of(
                "v2",
                List.of(Map.of(all, bad), Map.of(all, total)),
                "v1",
                List.of(Map.of(all, bad1), Map.of(all, total1)));
    }

    @Test
    void warm_up_counts_for_harm_and_proves_no_safety() {
        var good = warmingUp().ticks(12, 10, 1000, 90, 9000);
        var bad = warmingUp().ticks(4, 500, 1000, 90, 9000);

        assertThat(good.verdict()).isEqualTo("Undecided");
        assertThat(bad.reason()).isEqualTo(Reason.CHECK_FAILED);
    }

    private static Counted warmingUp() {
        return Counted.with(new WorseThanStable(0.1))
                .warmup(Duration.ofMinutes(5))
                .history(5, 500)
                .tick(0, 0, 10, 1000);
    }

    @Test
    void slow_requests_are_counted_below_a_bucket_bound() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5));
        rollout.tick(buckets(0, 0, 990, 1000, "2.5"))
                .tick(buckets(50, 100, 1980, 2000, "2.5"))
                .tick(buckets(100, 200, 2970, 3000, "2.50"));

        assertThat(counts(rollout)).isEqualTo("v2 50 % (100 of 200), v1 1 % (20 of 2000)");
    }

    @Test
    void slow_requests_after_the_warm_up_are_harm_even_if_the_gateway_says_nothing() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5))
                .takenAfter(Duration.ofHours(1))
                .warmup(Counted.INTERVAL.multipliedBy(2));
        rollout.tick(buckets(0, 0, 990, 1000, "2.5"));
        for (var i = 1; i <= 8; i++) {
            rollout.tick(buckets(0, 100 * i, 990 * i, 1000 * i, "2.5"));
        }

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
    }

    @Test
    void cold_caches_in_the_first_warm_up_are_no_regression_even_if_the_gateway_is_late() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5))
                .takenAfter(Counted.INTERVAL.multipliedBy(2))
                .warmup(Counted.INTERVAL.multipliedBy(2));
        rollout.tick(buckets(0, 0, 990, 1000, "2.5"));
        for (var i = 1; i <= 5; i++) {
            rollout.tick(buckets(i < 3 ? 0 : 100 * (i - 2), 100 * i, 990 * i, 1000 * i, "2.5"));
        }

        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 100), v1 1 % (10 of 1000)");
    }

    @Test
    void a_warm_up_at_a_higher_weight_is_no_cold_start() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5))
                .steps(List.of(new Step(10, Duration.ZERO), new Step(50, Duration.ofHours(1))))
                .warmup(Counted.INTERVAL.multipliedBy(2));
        for (var i = 0; i <= 3; i++) {
            rollout.tick(buckets(9900 * i, 10000 * i, 89100 * (i + 1), 90000 * (i + 1), "2.5"));
        }
        var risen = rollout.weight();
        var before = counts(rollout);
        rollout.tick(buckets(39600, 40000, 445500, 450000, "2.5"));

        assertThat(risen).isEqualTo(50);
        assertThat(before).startsWith("v2 1 % (100 of 10000)");
        assertThat(counts(rollout)).startsWith("v2 1 % (200 of 20000)");
    }

    @Test
    void no_answer_while_caches_are_cold_is_no_blindness() {
        var rollout = slow().warmup(Counted.INTERVAL.multipliedBy(2))
                .tick(buckets(0, 0, 990, 1000, "2.5"))
                .blindTickOf("v2", Blindness.TIMEOUT);
        var cold = rollout.verdict();
        rollout.blindTickOf("v2", Blindness.TIMEOUT);

        assertThat(cold).isEqualTo("Undecided");
        assertThat(rollout.verdict()).isEqualTo("Blind");
    }

    @Test
    void slow_requests_have_not_failed_and_keep_no_step_waiting() {
        var rollout = slow().tick(buckets(0, 0, 990, 1000, "2.5")).tick(buckets(60, 60, 1530, 1540, "2.5"));

        assertThat(rollout.verdict()).isEqualTo("Undecided");
        assertThat(rollout.weight()).isEqualTo(50);
    }

    @Test
    void a_bound_within_a_hundredth_is_the_one_that_is_meant() {
        assertThat(slow().tick(buckets(0, 0, 990, 1000, "2.52")).weight()).isEqualTo(10);
        assertThat(slow().tick(buckets(0, 0, 990, 1000, "2.53")).message()).contains("NoBound");
    }

    @Test
    void while_a_bound_has_two_texts_the_higher_count_is_its_own() {
        var said = Map.of(bucket("v1", "2.5"), 90.0, bucket("v1", "2.50"), 95.0, bucket("v1", "+Inf"), 100.0);
        var seen = new EventCounters.SlowRequests(new QueryTemplate("d_bucket"), 2.5)
                .observe(List.of(new Answer.Counters(Instant.EPOCH, said)))
                .counters();

        assertThat(Objects.requireNonNull(seen).instances().values()).containsExactly(new Sample(5.0, 100.0));
    }

    @Test
    void a_bound_that_one_process_lacks_is_none() {
        var other = new Series("serving", "chat-v1-b", "b", "+Inf");
        var said = Map.of(bucket("v1", "2.5"), 90.0, bucket("v1", "+Inf"), 100.0, other, 100.0);
        var seen = new EventCounters.SlowRequests(new QueryTemplate("d_bucket"), 2.5)
                .observe(List.of(new Answer.Counters(Instant.EPOCH, said)));

        assertThat(seen.why()).isEqualTo(Blindness.NO_BOUND);
    }

    private static Counted slow() {
        return Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5));
    }

    /** A request that ends between two series of one scrape is quick in one, and not yet counted in the other. */
    @Test
    void more_quick_requests_than_requests_are_none_that_were_slow() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2.5));
        rollout.tick(buckets(0, 0, 990, 1000, "2.5")).tick(buckets(101, 100, 1980, 2000, "2.5"));

        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 100), v1 1 % (10 of 1000)");
    }

    @Test
    void a_histogram_without_the_bound_keeps_the_first_weight_waiting() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.SlowRequests(new QueryTemplate("d_bucket{v=\"$version\"}"), 2));
        rollout.tick(buckets(0, 0, 990, 1000, "2.5"));

        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
        assertThat(rollout.weight()).isZero();
        assertThat(rollout.message()).contains("NoBound", "nearest: 1, 2.5", "Set slowerThan to one of its bounds");
    }

    private static Map<String, List<Map<Series, Double>>> buckets(
            double quick, double all, double quick1, double all1, String bound) {
        return Map.of(
                "v2", List.of(histogram("v2", quick, all, bound)), "v1", List.of(histogram("v1", quick1, all1, bound)));
    }

    private static Map<Series, Double> histogram(String version, double quick, double all, String bound) {
        return Map.of(bucket(version, "1"), 0.0, bucket(version, bound), quick, bucket(version, "+Inf"), all);
    }

    private static Series bucket(String version, String bound) {
        var pod = pod(version, "a");
        return new Series(pod.job(), pod.pod(), pod.instance(), bound);
    }

    @Test
    void evidence_of_a_check_that_was_changed_since_says_nothing() {
        var rollout =
                Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).tick(1, 100, 9, 900);
        var known = ((Progressing) rollout.state()).measurements().byCheck();
        var changed = new CountsCheck(
                "errors",
                new EventCounters.Events(new QueryTemplate("bad"), new QueryTemplate("total")),
                new SequentialCheck(List.of(new WorseThanStable(0.1), new Max(0.5))),
                "another identity",
                false,
                "");

        assertThat(Findings.of(List.of(changed), known).all()).isEmpty();
    }

    @Test
    void a_check_that_was_changed_counts_from_now_on() {
        var rollout = climbing().checkChanged().tick(1, 100, 9, 900);
        var changed = counts(rollout);
        rollout.tick(1, 100, 9, 900);

        assertThat(changed).isEqualTo("v2 0 % (0 of 0), v1 0 % (0 of 0)");
        assertThat(counts(rollout)).isEqualTo("v2 1 % (1 of 100), v1 1 % (9 of 900)");
    }

    /** Errors of a process that counts no requests are no answer. */
    @Test
    void a_tick_that_tells_nothing_ends_a_window_of_the_past() {
        var a = pod("v1", "a");
        var b = pod("v1", "b");
        var history = List.of(past(0, a, 0), past(1, b, 100), past(2, a, 200), past(3, a, 300));
        var check = (CountsCheck) check(new Max(0.02));

        assertThat(new Past(check, history).split(Counted.INTERVAL, 0.1))
                .hasValueSatisfying(window ->
                        assertThat(window.candidates() + window.stables()).isEqualTo(100));
    }

    @Test
    void of_stables_past_one_half_is_compared_with_the_other() {
        var halves = IntStream.range(0, 80)
                .mapToObj(i -> new Halves(new Counts(i % 4 < 2 ? 10 : 40, 100), new Counts(20 + i % 2, 150)))
                .toList();
        var turned = halves.stream()
                .map(its -> new Halves(its.one().turned(), its.other().turned()))
                .toList();
        var failed = new EventCounters.Events(new QueryTemplate("bad"), new QueryTemplate("total"));
        var quality =
                new EventCounters.Scored(new QueryTemplate("sum"), new QueryTemplate("count"), null, Better.HIGHER);

        assertThat(noise(failed, halves)).isPresent().isEqualTo(NoisePrior.fromHistory(halves));
        assertThat(noise(quality, halves)).isPresent().isEqualTo(NoisePrior.fromHistory(turned));
    }

    @Test
    void the_estimate_before_the_first_weight_knows_the_noise_of_the_past() {
        var halves = Collections.nCopies(80, new Halves(new Counts(10, 100), new Counts(20, 150)));
        var check = (CountsCheck) check(new Max(0.5));

        var forecast = check.forecast(history(halves), 0.5, Counted.INTERVAL).orElseThrow();

        assertThat(forecast.evidence())
                .isEqualTo(check.rule()
                        .start(Instant.EPOCH, NoisePrior.fromHistory(halves).orElseThrow()));
    }

    /** What is believed of stable after such windows of its two pods. */
    private static Optional<NoisePrior> noise(EventCounters counters, List<Halves> windows) {
        var check =
                new CountsCheck("errors", counters, new SequentialCheck(List.of(new Max(0.02))), "identity", false, "");
        return new Past(check, history(windows)).noise();
    }

    private static List<List<Answer>> history(List<Halves> windows) {
        var one = Counts.NONE;
        var other = Counts.NONE;
        var history = new ArrayList<List<Answer>>();
        history.add(counted(Instant.EPOCH, one, other));
        for (var its : windows) {
            one = one.plus(its.one());
            other = other.plus(its.other());
            history.add(counted(Instant.EPOCH, one, other));
        }
        return history;
    }

    private static List<Answer> counted(Instant tick, Counts one, Counts other) {
        return List.of(
                new Answer.Counters(tick, Map.of(pod("v1", "a"), one.bad(), pod("v1", "b"), other.bad())),
                new Answer.Counters(tick, Map.of(pod("v1", "a"), one.total(), pod("v1", "b"), other.total())));
    }

    private static List<Answer> past(int number, Series bad, double total) {
        var tick = Instant.EPOCH.plus(Counted.INTERVAL.multipliedBy(number));
        return List.of(
                new Answer.Counters(tick, Map.of(bad, 0.0)), new Answer.Counters(tick, Map.of(pod("v1", "a"), total)));
    }

    @Test
    void versions_that_change_places_at_the_gateway_begin_the_evidence_anew() {
        var rollout = Counted.with(new WorseThanStable(0.1)).countedByPlace().tick(0, 0, 10, 1000);
        rollout.ticks(3, 0, 100, 9, 900);
        var before = counts(rollout);
        rollout.reordered().tick(0, 100, 9, 900);
        var changed = counts(rollout);
        rollout.tick(0, 100, 9, 900);

        assertThat(before).isEqualTo("v2 0 % (0 of 300), v1 1 % (27 of 2700)");
        assertThat(changed).isEqualTo("v2 0 % (0 of 0), v1 0 % (0 of 0)");
        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 100), v1 1 % (9 of 900)");
    }

    @Test
    void a_place_of_stable_alone_begins_the_evidence_anew_too() {
        var rollout = Counted.with(new WorseThanStable(0.1)).countedByPlace().tick(0, 0, 10, 1000);
        rollout.ticks(3, 0, 100, 9, 900).stableMoved().tick(0, 100, 9, 900);

        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 0), v1 0 % (0 of 0)");
    }

    @Test
    void while_the_route_is_not_known_no_place_of_it_is_asked_about_and_nothing_is_forgotten() {
        var rollout = Counted.with(new WorseThanStable(0.1)).countedByPlace().tick(0, 0, 10, 1000);
        rollout.ticks(2, 0, 100, 9, 900).routeIsThere(false).tick(0, 100, 9, 900);
        var asked = rollout.decision().wanted().questions();
        var kept = counts(rollout);
        rollout.routeIsThere(true).tick(0, 100, 9, 900);

        assertThat(asked).isEmpty();
        assertThat(kept).isEqualTo("v2 0 % (0 of 200), v1 1 % (18 of 1800)");
        assertThat(counts(rollout)).isEqualTo("v2 0 % (0 of 400), v1 1 % (36 of 3600)");
    }

    @Test
    void before_the_first_weight_too_nothing_is_asked_if_one_query_is_about_a_route_that_is_not_known() {
        var byPlace = new QueryTemplate("bad{c=~\"$clusters\"}");
        var byVersion = new QueryTemplate("total{v=\"$version\"}");
        var rollout = Counted.with(new WorseThanStable(0.1))
                .source(new EventCounters.Events(byPlace, byVersion))
                .routeIsThere(false);
        rollout.tick(0, 0, 10, 1000);

        assertThat(rollout.state()).isInstanceOf(Waiting.class);
        assertThat(rollout.decision().wanted().questions()).isEmpty();
    }

    @Test
    void the_left_end_of_an_open_window_is_asked_for_again() {
        var rollout =
                Counted.with(new WorseThanStable(0.1)).tick(0, 0, 10, 1000).ticks(4, 0, 10, 9, 900);
        var left = ((Progressing) rollout.state())
                .measurements()
                .findings(rollout.plan())
                .all()
                .get(0)
                .measured()
                .last();
        rollout.tick(0, 10, 9, 900);

        assertThat(rollout.decision().wanted().once())
                .hasSize(4)
                .allMatch(asked -> asked.tick().equals(left));
    }

    private static Finding finding(Counted rollout) {
        return findings(rollout).all().get(0);
    }

    private static Findings findings(Counted rollout) {
        var climbing = (Progressing) rollout.state();
        return climbing.measurements().findings(rollout.plan());
    }

    @Test
    void the_left_end_of_a_window_that_would_be_too_long_is_not_asked_for() {
        var rollout = climbing();
        for (var i = 0; i < 21; i++) {
            rollout.blindTick(Blindness.TIMEOUT);
        }

        assertThat(rollout.decision().wanted().once()).isEmpty();
    }

    @Test
    void stables_past_is_asked_for_until_there_is_a_window() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000);
        rollout.tick(1, 100, 9, 900);
        var before = rollout.decision().wanted().history();
        rollout.ticks(2, 1, 100, 9, 900);

        assertThat(before).hasSize(2);
        assertThat(rollout.decision().wanted().history()).isEmpty();
    }

    @Test
    void windows_of_a_weight_that_the_gateway_does_not_serve_yet_prove_no_safety() {
        assertThat(afterAnHour(Duration.ZERO).verdict()).isEqualTo("Safe");
        assertThat(afterAnHour(Duration.ofHours(2)).verdict()).isEqualTo("Undecided");
    }

    private static Counted afterAnHour(Duration untilServed) {
        return Counted.with(new WorseThanStable(1))
                .steps(List.of(new Step(10, Duration.ofHours(3))))
                .takenAfter(untilServed)
                .tick(0, 0, 10, 1000)
                .ticks(240, 10, 1000, 90, 9000);
    }

    private static String counts(Counted rollout) {
        var finding = finding(rollout);
        return finding.check().numbers(finding.measured(), "v2", "v1");
    }

    /** The history is there, the first answer was none. */
    private static Counted askedOnce(CountLimit limit) {
        return Counted.with(limit).history(5, 500).blindTick(Blindness.TIMEOUT);
    }
}
