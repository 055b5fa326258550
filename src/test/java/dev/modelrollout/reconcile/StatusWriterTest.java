package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Weight;
import dev.modelrollout.rollout.Candidate;
import dev.modelrollout.rollout.CountsCheck;
import dev.modelrollout.rollout.Halted;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Live;
import dev.modelrollout.rollout.Measured;
import dev.modelrollout.rollout.Measurements;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.Patience;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.QueryCheck;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RolledBack;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Tombstone;
import dev.modelrollout.rollout.Unseen;
import dev.modelrollout.rollout.Waiting;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Another process reads from the status the very state that was written. */
class StatusWriterTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RolloutPlan PLAN = PlanReaderTest.plan("""
            {route: {name: chat}, target: v2,
             versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}],
             steps: [{weight: 10, hold: 5m}, {weight: 50, hold: 5m}],
             analysis: {checks: [{name: errors, query: "errors{v=\\"$version\\"}", max: "2"}]}}""");
    private static final Tombstone FAILED =
            new Tombstone(new Revision("bbbb"), "v3", Reason.CHECK_FAILED, "errors", "worse", NOON.minusSeconds(900));
    private static final Ledger LEDGER = new Ledger(
            "v1",
            List.of(FAILED),
            List.of(new Move(NOON.minusSeconds(60), Action.RAISE, "Progressing", "v1", "v2", 10, "safe")));
    private static final Candidate CANDIDATE =
            new Candidate("v2", new Revision("aaaa"), 4, NOON.minusSeconds(600), NOON.minusSeconds(300), 1);
    private static final Progressing CLIMBING = new Progressing(
            LEDGER,
            CANDIDATE,
            new Rung(2, 50, 30),
            NOON.minusSeconds(60),
            3,
            "t1",
            new Measurements(Map.of(
                    "errors",
                    new Measured.OfQuery(
                            PLAN.analysis().checks().get(0).identity(),
                            new GaugeEvidence(
                                    new Evidence(2, 1, 5, NOON, Blindness.TIMEOUT, 1.5, 1.0), SignEvidence.NONE)))),
            new Patience(NOON.minusSeconds(20), Duration.ofSeconds(7), NOON.minusSeconds(10), false));
    private static final Halted HALTED =
            new Halted(CLIMBING, Reason.CONTESTED, "someone else", 3, NOON.minusSeconds(40), NOON.minusSeconds(30));

    static List<RolloutState> states() {
        return List.of(
                new Unseen(),
                new Live(LEDGER),
                new Waiting(LEDGER, CANDIDATE, NOON.minusSeconds(50)),
                CLIMBING,
                new RolledBack(
                        LEDGER, new Candidate("v3", FAILED.revision(), 4, NOON.minusSeconds(600), null, 0), FAILED),
                HALTED,
                new Halted(new Live(LEDGER), Reason.HELD_ON_FAILURE, "worse", 3, NOON, null));
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_state_is_read_as_it_was_written(RolloutState state) {
        assertThat(StatusReader.stateOf(written(state, List.of()))).isEqualTo(state);
    }

    @Test
    void a_weight_that_the_gateway_does_not_serve_is_remembered_as_that() {
        var unprogrammed = new ConditionBuilder()
                .withType("RouteProgrammed")
                .withStatus("False")
                .build();
        var serving = new ConditionBuilder(unprogrammed).withStatus("True").build();

        assertThat(climbing(List.of(unprogrammed)).patience().unprogrammed()).isTrue();
        assertThat(climbing(List.of(serving)).patience().unprogrammed()).isFalse();
    }

    private static Progressing climbing(List<Condition> conditions) {
        return (Progressing) StatusReader.stateOf(written(CLIMBING, conditions));
    }

    @Test
    void a_climb_shows_how_far_it_is_and_what_it_sees() {
        var status = written(CLIMBING, List.of());

        assertThat(status)
                .returns(1L, ModelRolloutStatus::observedGeneration)
                .returns("Progressing", ModelRolloutStatus::phase)
                .returns("v1", ModelRolloutStatus::live)
                .returns(30, ModelRolloutStatus::weight)
                .returns(List.of(new Weight("v1", 70), new Weight("v2", 30)), ModelRolloutStatus::weights);
        assertThat(status.rollout())
                .isNotNull()
                .returns(50, Rollout::stepWeight)
                .returns(3, Rollout::steps)
                .returns("2/3", Rollout::progress)
                .returns(CLIMBING.holdUntil(PLAN, NOON).toString(), Rollout::holdUntil);
        assertThat(status.checks())
                .singleElement()
                .returns("Blind", CheckStatus::verdict)
                .returns("Timeout", CheckStatus::blind)
                .returns("no answer: Timeout", CheckStatus::message)
                .returns("1.5", CheckStatus::candidate)
                .returns("1", CheckStatus::stable)
                .returns(null, CheckStatus::harm)
                .returns(null, CheckStatus::safe)
                .returns(NOON.toString(), CheckStatus::at);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 0 | 3 | Safe      | within limits 3 times in a row
            0 | 0 | 1 | Undecided | needs 2 readings in a row within limits
            1 | 0 | 0 | Undecided | beyond a limit 1 times in a row
            3 | 0 | 0 | Harmful   | beyond a limit 3 times in a row
            3 | 3 | 0 | Harmful   | beyond a limit 3 times in a row, like stable
            """)
    void a_check_of_readings_says_how_many_there_were_in_a_row(
            int beyond, int shared, int within, String verdict, String message) {
        var readings = new Evidence(beyond, shared, within, NOON, null, 1.5, 1.0);

        assertThat(shown(PLAN, new GaugeEvidence(readings, SignEvidence.NONE)))
                .returns(verdict, CheckStatus::verdict)
                .returns(message, CheckStatus::message);
    }

    @Test
    void a_check_that_compares_says_how_much_evidence_there_is() {
        var plan = comparing("query: 'errors{v=\"$version\"}', worseThanStable: 10%");
        var check = (QueryCheck) plan.analysis().checks().get(0);

        assertThat(shown(plan, check.rule().start(NOON)))
                .returns("0 %", CheckStatus::harm)
                .returns("0 %", CheckStatus::safe)
                .satisfies(its -> assertThat(its.message()).startsWith("not yet known: needs "));
    }

    private static RolloutPlan comparing(String check) {
        return PlanReaderTest.plan("""
                {route: {name: chat}, target: v2,
                 versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}],
                 analysis: {checks: [{name: errors, %s}]}}""".formatted(check));
    }

    @Test
    void of_a_better_candidate_each_reading_is_evidence_of_safety() {
        var plan = comparing("query: 'errors{v=\"$version\"}', worseThanStable: 10%");
        var rule = ((QueryCheck) plan.analysis().checks().get(0)).rule();
        var evidence = rule.start(NOON);
        for (var i = 1; i <= 20; i++) {
            var at = NOON.plusSeconds(15L * i);
            evidence = rule.fold(evidence, new Reading(new Answer.Value(at, 1), new Answer.Value(at, 2)), NOON);
        }

        assertThat(shown(plan, evidence)).returns("0 %", CheckStatus::harm).returns("100 %", CheckStatus::safe);
    }

    @ParameterizedTest
    @CsvSource({"3, beyond a limit 3 times in a row", "1, beyond a limit 1 times in a row"})
    void a_plain_limit_beside_a_comparison_speaks_for_itself(int beyond, String message) {
        var plan = comparing("query: 'errors{v=\"$version\"}', max: 2, worseThanStable: 10%");
        var rule = ((QueryCheck) plan.analysis().checks().get(0)).rule();
        var readings = new Evidence(beyond, 0, 0, NOON, null, 3.0, 1.0);

        assertThat(shown(plan, new GaugeEvidence(readings, rule.start(NOON).signs())))
                .returns(message, CheckStatus::message);
    }

    @ParameterizedTest
    @CsvSource({"18, 'worse than its limits, on evidence'", "540, 'beyond a limit, like stable'"})
    void harm_that_stable_shares_is_told_as_such(int stableBad, String message) {
        assertThat(counted("max: 5%", 8, new Counts(60, 200), new Counts(stableBad, 1800)))
                .returns("Harmful", CheckStatus::verdict)
                .returns(message, CheckStatus::message);
    }

    @Test
    void a_ratio_is_shown_with_its_range_once_something_is_compared() {
        var nothing = counted("worseThanStable: 10%", 0, Counts.NONE, Counts.NONE);
        var some = counted("worseThanStable: 10%", 8, new Counts(4, 200), new Counts(18, 1800));

        assertThat(nothing.ratio()).isNull();
        assertThat(some.ratio()).isNotNull();
        var numbers = Pattern.compile("[0-9.]+")
                .matcher(some.ratio())
                .results()
                .map(number -> Double.valueOf(number.group()))
                .toList();
        assertThat(numbers).hasSize(3);
        assertThat(numbers.get(1)).isLessThan(numbers.get(0));
        assertThat(numbers.get(2)).isGreaterThan(numbers.get(0));
    }

    /** After so many windows like this one. */
    private static CheckStatus counted(String limit, int windows, Counts candidate, Counts stable) {
        var plan = counting(limit);
        var check = (CountsCheck) plan.analysis().checks().get(0);
        var evidence = check.rule().start(NOON, NoisePrior.CAUTIOUS);
        for (var i = 0; i < windows; i++) {
            var window = new Window(NOON.plusSeconds(15L * i), NOON.plusSeconds(15L * (i + 1)), candidate, stable);
            evidence = check.rule().fold(evidence, window, 0.1, NOON);
        }
        return shown(plan, new Measured.OfCounts(check.identity(), evidence));
    }

    private static RolloutPlan counting(String limit) {
        return comparing(limit + ", counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}");
    }

    @Test
    void of_a_blind_check_on_evidence_it_is_told_why_and_since_when() {
        var plan = counting("max: 5%");
        var check = (CountsCheck) plan.analysis().checks().get(0);
        var seen = NOON.minusSeconds(60);
        var blind = check.rule().start(seen, NoisePrior.CAUTIOUS).blind(Blindness.TIMEOUT);

        assertThat(shown(plan, new Measured.OfCounts(check.identity(), blind)))
                .returns("Timeout", CheckStatus::blind)
                .returns(seen.toString(), CheckStatus::at);
    }

    @Test
    void a_failed_rollout_has_stood_still_since_it_failed() {
        var failed = new RolledBack(
                LEDGER, new Candidate("v3", FAILED.revision(), 4, NOON.minusSeconds(600), null, 0), FAILED);

        assertThat(written(failed, List.of()).rollout())
                .isNotNull()
                .returns(FAILED.at().toString(), Rollout::since);
    }

    private static CheckStatus shown(RolloutPlan plan, GaugeEvidence evidence) {
        return shown(plan, new Measured.OfQuery(plan.analysis().checks().get(0).identity(), evidence));
    }

    private static CheckStatus shown(RolloutPlan plan, Measured its) {
        var measured = new Measurements(Map.of("errors", its));
        var state = new Progressing(LEDGER, CANDIDATE, new Rung(1, 10, 10), NOON, 3, "t1", measured, Patience.NONE);
        return StatusReader.orEmpty(written(plan, state, List.of()).checks()).get(0);
    }

    @Test
    void who_has_everything_is_shown_once() {
        assertThat(written(new Live(LEDGER), List.of()))
                .returns(List.of(new Weight("v1", 100)), ModelRolloutStatus::weights)
                .returns(0, ModelRolloutStatus::weight);
    }

    @Test
    void a_halt_shows_what_the_checks_said() {
        assertThat(written(HALTED, List.of()).checks())
                .extracting(CheckStatus::name)
                .containsExactly("errors");
    }

    @Test
    void of_a_good_candidate_the_evidence_of_safety_grows_and_that_of_harm_does_not() {
        var shown = counted("max: 5%", 8, new Counts(1, 200), new Counts(9, 1800));

        assertThat(shown.harm()).isEqualTo("0 %");
        assertThat(shown.safe()).isNotEqualTo("0 %");
        assertThat(shown.ratio()).isNull();
        assertThat(shown.message()).isEqualTo("safe on evidence");
    }

    @Test
    void texts_have_at_most_1024_characters() {
        var text = "x".repeat(1_024);
        var ledger = new Ledger(
                "v1",
                List.of(new Tombstone(new Revision("bbbb"), "v3", Reason.CHECK_FAILED, null, text + "y", NOON)),
                List.of(
                        new Move(NOON, Action.RAISE, "Progressing", "v1", "v2", 10, text),
                        new Move(NOON, Action.RAISE, "Progressing", "v1", "v2", 10, text + "y")));
        var status = written(new Live(ledger), List.of());

        assertThat(status.failedRevisions())
                .singleElement()
                .satisfies(failed -> assertThat(failed.message()).isEqualTo(text));
        assertThat(status.history())
                .allSatisfy(entry -> assertThat(entry.evidence()).isEqualTo(text));
    }

    private static ModelRolloutStatus written(RolloutState state, List<Condition> conditions) {
        return written(PLAN, state, conditions);
    }

    private static ModelRolloutStatus written(RolloutPlan plan, RolloutState state, List<Condition> conditions) {
        try {
            var written = state.fold(new StatusWriter(plan, null, NOON, conditions));
            return JSON.readValue(JSON.writeValueAsString(written), ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
