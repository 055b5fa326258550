package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.StatusReader.orEmpty;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.reconcile.Replica.Watch;
import dev.modelrollout.reconcile.Stage.Break;
import dev.modelrollout.reconcile.Stage.Call;
import dev.modelrollout.reconcile.Stage.Slip;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rounds do beside what was decided: when they look past the caches, write, ask, tell, and what they remember. */
class RoundTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Stage stage = new Stage(1, null);
    private final Listener listener = new Listener();
    private final List<Long> woken = new ArrayList<>();
    private final List<Optional<String>> readFor = new ArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Life life = new Life(stage, () -> new Operator() {
        @Override
        public Ports ports(Ports right) {
            return new Ports(
                    right.store(),
                    new Guarded(new OverheardRouter(right.router(), readFor), refusals),
                    new Waking(right.caches()),
                    right.source());
        }

        @Override
        public Telemetry telemetry() {
            return listener;
        }
    });

    @Test
    void a_rung_that_is_held_costs_two_reads_and_one_write_a_minute() {
        climbTo(10);
        var calls = new AtomicInteger();
        count(calls);
        life.pass(Duration.ofMinutes(10));

        assertThat(calls).hasValueBetween(27, 30);
    }

    @Test
    void what_a_silent_watch_does_not_show_is_put_back_within_a_minute() {
        climbTo(10);
        hearNothingOf(Watch.ROUTES);
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        life.pass(MINUTE.plusSeconds(1));

        assertThat(share()).isEqualTo(10);
    }

    @Test
    void a_ceiling_that_a_silent_watch_does_not_show_is_kept_within_a_minute() {
        climbTo(10);
        hearNothingOf(Watch.ROLLOUTS);
        stage.edit(spec -> spec.maxWeight = 1);
        life.pass(MINUTE.plusSeconds(1));

        assertThat(share()).isEqualTo(1);
    }

    @Test
    void a_deletion_that_a_silent_watch_does_not_show_ends_within_a_minute() {
        climbTo(10);
        hearNothingOf(Watch.ROLLOUTS);
        stage.delete();
        life.pass(MINUTE.plusSeconds(1));

        assertThat(stage.rollout).isNull();
        assertThat(share()).isZero();
    }

    @Test
    void another_rollout_under_the_same_name_is_left_alone_until_the_watch_shows_it() {
        climbTo(10);
        hearNothingOf(Watch.ROLLOUTS);
        stage.rollout = null;
        stage.create();
        life.pass(MINUTE.plusSeconds(1));

        assertThat(stage.status()).isNull();
    }

    @Test
    void a_deletion_that_the_look_before_a_rise_shows_is_the_end() {
        aboutToRise();
        stage.pause = stage::delete;
        life.round();

        assertThat(stage.rollout).isNull();
        assertThat(share()).isZero();
    }

    @Test
    void a_rollout_that_the_look_before_a_rise_does_not_find_rises_no_more() {
        aboutToRise();
        stage.pause = () -> stage.rollout = null;
        life.round();

        assertThat(share()).isEqualTo(1);
    }

    @Test
    void a_rise_is_decided_at_the_time_of_the_look_before_it() {
        aboutToRise();
        stage.pause = () -> stage.now = stage.now.plusSeconds(3);
        life.round();

        assertThat(orEmpty(Objects.requireNonNull(stage.status()).history())
                        .get(0)
                        .at())
                .isEqualTo(stage.now.toString());
    }

    @Test
    void a_rise_that_a_change_of_the_route_refuses_is_decided_anew() {
        life.round();
        stage.edit(spec -> {
            spec.target = "v2";
            spec.maxWeight = 1;
            spec.checks = false;
        });
        hearNothingOf(Watch.ROUTES);
        stage.meanwhiles = 1;
        stage.meanwhile = () -> stage.setRoute(List.of(Stage.weights(100, 0, 0)));
        life.round();
        assertThat(share()).isZero();
        life.pass(MINUTE.multipliedBy(3));

        assertThat(share()).isEqualTo(1);
    }

    @Test
    void our_own_rise_that_is_still_due_is_only_written_down() {
        climbTo(10);
        stage.edit(spec -> spec.checks = false);
        life.round();
        life.pass(Stage.HOLD);
        stage.breaks = new Break(Call.WRITE_STATUS, false, false);
        stage.edit(spec -> spec.maxWeight = 100);
        life.round();
        var route = stage.route;
        life.round();

        assertThat(share()).isEqualTo(50);
        assertThat(Objects.requireNonNull(stage.status()).weight()).isEqualTo(50);
        assertThat(stage.route).isSameAs(route);
    }

    @Test
    void what_does_not_change_is_not_written_again() {
        life.round();
        stage.edit(spec -> {
            spec.target = "v2";
            spec.checks = false;
            spec.paused = true;
        });
        life.round();
        life.pass(MINUTE);
        var written = stage.resourceVersion;
        life.pass(Duration.ofMinutes(10));

        assertThat(stage.resourceVersion).isEqualTo(written);
    }

    @Test
    void a_provider_that_is_not_there_is_said_and_not_asked() {
        climbTo(10);
        stage.edit(spec -> spec.provider = "elsewhere");
        life.round();

        assertThat(Town.condition(Objects.requireNonNull(stage.status()), "Ready"))
                .returns("UnknownProvider", Condition::getReason)
                .satisfies(ready -> assertThat(ready.getMessage())
                        .startsWith("Provider \"elsewhere\" is not configured; known: \"default\". "));
        assertThat(share()).isEqualTo(10);
    }

    @Test
    void without_checks_nobody_needs_a_provider() {
        climbTo(10);
        stage.edit(spec -> {
            spec.checks = false;
            spec.provider = "elsewhere";
        });
        life.round();

        assertThat(Town.reasonOf(Objects.requireNonNull(stage.status()))).isEqualTo("AtMaxWeight");
    }

    @Test
    void the_conditions_say_whether_anything_is_measured() {
        life.round();
        assertThat(condition("MetricsAvailable")).isEqualTo("Unknown NotAsked");
        climbTo(10);
        assertThat(condition("MetricsAvailable")).isEqualTo("True Answered");
        assertThat(condition("AnalysisConfigured")).isEqualTo("True Checks");
        stage.edit(spec -> spec.checks = false);
        life.round();

        assertThat(condition("AnalysisConfigured")).isEqualTo("False NoChecks");
    }

    private String condition(String type) {
        var condition = Town.condition(Objects.requireNonNull(stage.status()), type);
        return condition.getStatus() + " " + condition.getReason();
    }

    @Test
    void pods_of_a_status_that_is_behind_its_spec_are_not_ready() {
        life.round();
        stage.pods("v2").observed = false;
        stage.edit(spec -> spec.target = "v2");
        life.round();
        life.pass(Duration.ofSeconds(30));

        assertThat(Town.reasonOf(Objects.requireNonNull(stage.status()))).isEqualTo("CandidateNotReady");
        assertThat(share()).isZero();
    }

    @Test
    void an_older_rollout_on_the_rule_is_told_before_what_is_wrong_with_the_spec() {
        climbTo(10);
        stage.rival = true;
        stage.edit(spec -> spec.slip = Slip.CHECK);
        life.round();

        assertThat(Town.reasonOf(Objects.requireNonNull(stage.status()))).isEqualTo("Conflict");
    }

    @Test
    void nothing_is_remembered_of_what_was_gone() {
        climbTo(10);
        stage.edit(spec -> {
            spec.maxWeight = 100;
            spec.paused = true;
        });
        life.round();
        var stored = stage.rollout;
        stage.rollout = null;
        life.round();
        stage.rollout = stored;
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).doesNotContain("Drifted");
    }

    /** v2 has 1 %, and 10 in the next round. */
    private void aboutToRise() {
        climbTo(1);
        stage.edit(spec -> spec.maxWeight = 10);
    }

    /** v2 rises from 10 % as far as this ceiling lets it, and the status of that is not written. */
    private void riseUntold(int ceiling, boolean isFatal) {
        climbTo(10);
        stage.breaks = new Break(Call.WRITE_STATUS, false, isFatal);
        stage.edit(spec -> spec.maxWeight = ceiling);
        life.round();
    }

    /** v2 has its first weight without checks, and the status does not know it. */
    private void riseFirstUntold() {
        stage.edit(spec -> spec.checks = false);
        life.round();
        stage.breaks = new Break(Call.WRITE_ROUTE, true, false);
        stage.edit(spec -> spec.target = "v2");
        life.round();
        life.round();
        assertThat(share()).isEqualTo(1);
    }

    @Test
    void our_own_rise_whose_status_could_not_be_written_is_no_drift() {
        riseUntold(100, false);
        assertThat(share()).isEqualTo(50);
        stage.edit(spec -> spec.paused = true);
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @Test
    void our_own_rise_that_the_next_process_is_told_of_late_is_no_drift() {
        climbTo(10);
        var before = stage.route;
        stage.breaks = new Break(Call.WRITE_STATUS, false, false);
        stage.edit(spec -> spec.maxWeight = 100);
        life.round();
        var risen = stage.route;
        stage.route = before;
        life.restart();
        hearNothingOf(Watch.ROUTES);
        stage.route = risen;
        stage.edit(spec -> spec.paused = true);
        life.round();
        life.replica().hearAll();
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v3"})
    void our_own_first_rise_is_no_drift_without_checks(String target) {
        riseFirstUntold();
        stage.edit(spec -> spec.target = target);
        life.round();
        life.round();

        assertThat(share()).isZero();
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @Test
    void our_own_first_rise_is_no_drift_under_another_ceiling() {
        riseFirstUntold();
        stage.edit(spec -> spec.maxWeight = 0);
        life.round();

        assertThat(share()).isZero();
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @Test
    void our_own_rise_is_no_drift_under_another_ceiling() {
        riseUntold(30, false);
        assertThat(share()).isEqualTo(30);
        stage.edit(spec -> {
            spec.maxWeight = 100;
            spec.paused = true;
        });
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @Test
    void our_own_rise_is_no_drift_when_stable_was_away_at_first() {
        riseUntold(100, true);
        assertThat(share()).isEqualTo(50);
        stage.pods("v1").reachable = false;
        stage.edit(spec -> spec.paused = true);
        life.pass(Duration.ofSeconds(10));
        assertThat(reasons()).startsWith("StableUnavailable");
        stage.pods("v1").reachable = true;
        life.round();
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).doesNotContain("Drifted");
    }

    @Test
    void a_decrease_needs_no_look_after_a_failure() {
        climbTo(10);
        stage.breaks = new Break(Call.WRITE_STATUS, false, false);
        stage.edit(spec -> spec.maxWeight = 5);
        life.round();
        stage.breaks = new Break(Call.READ_ROLLOUT, false, false);
        stage.edit(spec -> spec.maxWeight = 1);
        life.round();

        assertThat(share()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"4, false", "5, true"})
    void what_a_process_sent_before_it_died_may_take_effect_for_five_seconds(int seconds, boolean isDrift) {
        climbTo(10);
        life.restart();
        life.round();
        life.pass(Duration.ofSeconds(seconds));
        stage.setRoute(List.of(Stage.weights(100, 0, 0)));
        life.round();

        assertThat(reasons().contains("Drifted")).isEqualTo(isDrift);
    }

    @ParameterizedTest
    @CsvSource({"4, false", "5, true"})
    void a_rise_without_an_answer_may_take_effect_for_five_seconds(int seconds, boolean isDrift) {
        climbTo(10);
        stage.breaks = new Break(Call.WRITE_ROUTE, false, false);
        stage.edit(spec -> spec.maxWeight = 100);
        life.round();
        stage.edit(spec -> spec.paused = true);
        life.round();
        life.pass(Duration.ofSeconds(seconds));
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons().contains("Drifted")).isEqualTo(isDrift);
    }

    @Test
    void somebody_elses_rise_to_the_next_step_is_a_drift() {
        climbTo(10);
        stage.edit(spec -> {
            spec.maxWeight = 100;
            spec.paused = true;
        });
        life.round();
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        life.round();

        assertThat(share()).isEqualTo(10);
        assertThat(reasons()).startsWith("Drifted");
    }

    @Test
    void a_gateway_that_was_late_begins_the_hold() {
        climbTo(1);
        stage.edit(spec -> spec.maxWeight = 100);
        stage.gatewayStuck = true;
        life.round();
        life.pass(MINUTE);
        stage.stickGateway(false);
        life.pass(Stage.HOLD);

        assertThat(share()).isEqualTo(1);
    }

    @Test
    void a_gateway_has_five_seconds_to_take_a_rise() {
        climbTo(1);
        stage.edit(spec -> spec.maxWeight = 10);
        life.round();
        stage.gatewayStuck = true;
        life.round();
        assertThat(share()).isEqualTo(10);
        assertThat(condition("RouteProgrammed")).isEqualTo("True Programmed");
        life.pass(Duration.ofSeconds(11));

        assertThat(condition("RouteProgrammed")).isEqualTo("False RouteNotProgrammed");
    }

    @Test
    void an_idle_rollout_asks_nothing_and_looks_at_nothing() {
        life.round();

        assertThat(phase()).isEqualTo("Live");
        assertThat(life.replica().next()).isEqualTo(Instant.MAX);
    }

    @Test
    void an_idle_rollout_costs_the_next_process_nothing() {
        life.round();
        life.restart();
        var calls = new AtomicInteger();
        count(calls);
        life.round();

        assertThat(calls).hasValue(0);
    }

    @Test
    void a_failed_rollout_asks_nothing_and_looks_at_nothing() {
        climbTo(10);
        stage.pods("v2").bad = true;
        life.pass(MINUTE);

        assertThat(phase()).isEqualTo("RolledBack");
        assertThat(life.replica().next()).isEqualTo(Instant.MAX);
    }

    @Test
    void numbers_that_could_not_be_written_are_written_by_the_next_round() {
        climbTo(10);
        stage.breaks = new Break(Call.WRITE_STATUS, false, false);
        for (var second = 0; stage.breaks != null && second < 61; second++) {
            life.pass(Duration.ofSeconds(1));
        }
        var written = stage.resourceVersion;
        life.pass(Duration.ofSeconds(2));

        assertThat(stage.breaks).isNull();
        assertThat(stage.resourceVersion).isGreaterThan(written);
    }

    @Test
    void the_first_of_several_obstacles_is_told() {
        life.round();
        stage.pods("v3").exist = false;
        stage.edit(spec -> {
            spec.target = "v3";
            spec.provider = "elsewhere";
            spec.slip = Slip.CHECK;
        });
        life.round();
        assertThat(condition("Ready")).isEqualTo("False InvalidSpec");
        stage.edit(spec -> spec.slip = Slip.NONE);
        life.round();
        assertThat(condition("Ready")).isEqualTo("False DeploymentMissing");
        stage.pods("v3").recover();
        life.round();

        assertThat(condition("Ready")).isEqualTo("False UnknownProvider");
    }

    @Test
    void a_spec_that_cannot_be_read_costs_one_write() {
        climbTo(10);
        var calls = new AtomicInteger();
        count(calls);
        stage.edit(spec -> spec.slip = Slip.TYPE);
        life.round();
        life.round();

        assertThat(calls).hasValue(1);
    }

    @Test
    void a_spec_that_cannot_be_read_asks_nothing_and_is_told_once() {
        climbTo(10);
        stage.edit(spec -> spec.slip = Slip.TYPE);
        life.round();
        var written = stage.resourceVersion;
        life.round();

        assertThat(stage.resourceVersion).isEqualTo(written);
        assertThat(life.replica().next()).isEqualTo(Instant.MAX);
    }

    @Test
    void a_deleted_rollout_that_somebody_else_holds_asks_nothing() {
        climbTo(10);
        var held = Objects.requireNonNull(stage.rollout);
        held.getMetadata().setFinalizers(List.of("example.com/keeps", RolloutStore.FINALIZER));
        stage.delete();
        life.round();

        assertThat(Objects.requireNonNull(stage.rollout).getFinalizers()).containsExactly("example.com/keeps");
        assertThat(share()).isZero();
        assertThat(life.replica().next()).isEqualTo(Instant.MAX);
    }

    @Test
    void the_end_of_a_rollout_leaves_the_rule_of_an_older_one_alone() {
        climbTo(10);
        stage.rival = true;
        stage.delete();
        life.round();

        assertThat(stage.rollout).isNull();
        assertThat(share()).isEqualTo(10);
    }

    @Test
    void the_end_of_a_rollout_rests_on_the_route_as_it_is() {
        climbTo(10);
        stage.setRoute(List.of(Stage.weights(100, 0, 0)));
        life.replica().sync();
        hearNothingOf(Watch.ROUTES);
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        stage.delete();
        life.round();

        assertThat(share()).isZero();
    }

    @Test
    void the_end_of_a_rollout_gives_nothing_to_whom_nobody_can_reach_and_says_so() {
        climbTo(10);
        var before = life.replica().notices;
        stage.pods("v1").reachable = false;
        stage.delete();
        life.round();

        assertThat(stage.rollout).isNull();
        assertThat(share()).isEqualTo(10);
        assertThat(life.replica().notices).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_end_of_a_rollout_waits_for_no_route_in_which_nothing_is_ours(boolean isThere) {
        climbTo(10);
        var before = life.replica().notices;
        if (isThere) {
            stage.misshape(true);
        } else {
            stage.setRoute(null);
        }
        stage.delete();
        life.round();

        assertThat(stage.rollout).isNull();
        assertThat(life.replica().notices).isEqualTo(before);
    }

    @Test
    void the_route_is_read_for_who_is_live() {
        life.round();
        readFor.clear();
        climbTo(10);
        stage.setRoute(null);
        stage.delete();
        life.round();

        assertThat(readFor).isNotEmpty().containsOnly(Optional.of("v1"));
    }

    @Test
    void a_rollback_that_was_refused_is_tried_again_after_a_second() {
        stage.edit(spec -> spec.checks = false);
        aboutToRollBack();
        stage.meanwhiles = 7;
        stage.meanwhile = this::someoneIsFaster;
        life.round();

        assertThat(share()).isNotZero();
        assertThat(life.replica().next()).isEqualTo(stage.now.plusSeconds(1));
    }

    @Test
    void the_end_of_a_rollout_does_not_stop_at_who_was_faster() {
        climbTo(10);
        var before = life.replica().notices;
        stage.meanwhiles = 1;
        stage.meanwhile = () -> stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        stage.delete();
        life.round();

        assertThat(stage.rollout).isNull();
        assertThat(share()).isZero();
        assertThat(life.replica().notices).isEqualTo(before);
    }

    @Test
    void who_has_let_go_of_a_rollout_meanwhile_has_its_route() {
        climbTo(10);
        stage.meanwhiles = 1;
        stage.meanwhile = () -> {
            stage.setRoute(List.of(Stage.weights(50, 50, 0)));
            stage.rollout = null;
        };
        stage.delete();
        life.round();

        assertThat(share()).isEqualTo(50);
    }

    @Test
    void the_end_of_a_rollout_whose_route_somebody_keeps_changing_is_tried_again_and_told() {
        climbTo(10);
        var before = life.replica().notices;
        stage.meanwhiles = 7;
        stage.meanwhile = this::someoneIsFaster;
        stage.delete();
        life.round();
        assertThat(stage.rollout).isNotNull();
        assertThat(life.replica().notices).isEqualTo(before + 1);
        life.pass(Duration.ofSeconds(2));

        assertThat(stage.rollout).isNull();
        assertThat(share()).isZero();
    }

    private void someoneIsFaster() {
        stage.setRoute(List.of(stage.meanwhiles % 2 == 0 ? Stage.weights(50, 50, 0) : Stage.weights(40, 60, 0)));
    }

    @Test
    void a_route_that_takes_no_write_although_nobody_was_faster_is_told() {
        aboutToRise();
        var before = life.replica().notices;
        refusals.set(1);
        life.round();

        assertThat(share()).isEqualTo(1);
        assertThat(life.replica().notices).isEqualTo(before + 1);
    }

    @Test
    void a_deleted_rollout_without_our_finalizer_is_none_of_our_business() {
        life.round();
        Objects.requireNonNull(stage.rollout).getMetadata().setFinalizers(List.of("example.com/keeps"));
        stage.delete();
        stage.setRoute(List.of(Stage.weights(50, 50, 0)));
        life.round();

        assertThat(share()).isEqualTo(50);
    }

    @Test
    void a_rollout_that_is_gone_asks_nothing_and_has_no_series() {
        climbTo(10);
        stage.rollout = null;
        life.round();

        assertThat(life.replica().next()).isEqualTo(Instant.MAX);
        assertThat(listener.gone).containsExactly("serving/chat");
    }

    /** v2 has lost its pods for the third time, which the next round sees. */
    private void aboutToRollBack() {
        climbTo(10);
        for (var loss = 1; loss <= 2; loss++) {
            stage.pods("v2").ready = 0;
            life.round();
            stage.pods("v2").recover();
            life.pass(MINUTE);
        }
        stage.pods("v2").ready = 0;
    }

    @Test
    void the_time_of_a_rollback_counts_from_the_first_try() {
        aboutToRollBack();
        stage.breaks = new Break(Call.WRITE_ROUTE, false, false);
        life.round();
        life.pass(Duration.ofSeconds(2));

        assertThat(phase()).isEqualTo("RolledBack");
        assertThat(listener.rollbacks).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void a_rollback_whose_status_could_not_be_written_is_timed_once() {
        aboutToRollBack();
        stage.breaks = new Break(Call.WRITE_STATUS, false, false);
        life.round();
        assertThat(share()).isZero();
        life.pass(Duration.ofSeconds(2));

        assertThat(phase()).isEqualTo("RolledBack");
        assertThat(listener.rollbacks).hasSize(1);
    }

    @Test
    void a_new_spec_wakes_the_others_on_its_route_once() {
        climbTo(10);
        stage.edit(spec -> spec.maxWeight = 5);
        life.round();
        life.round();

        assertThat(woken).containsExactly(1L, 2L, 3L);
    }

    @Test
    void each_move_is_an_event() {
        climbTo(10);

        assertThat(life.replica().notices).isEqualTo(reasons().size());
    }

    @Test
    void what_stalls_is_told_once() {
        life.round();
        var before = life.replica().notices;
        stage.setRoute(null);
        life.round();
        stage.edit(spec -> spec.maxWeight = 50);
        life.round();

        assertThat(life.replica().notices).isEqualTo(before + 1);
        assertThat(condition("RouteProgrammed")).isEqualTo("Unknown RouteMissing");
    }

    @Test
    void a_spec_that_cannot_be_read_is_an_event_and_shown() {
        climbTo(10);
        var before = life.replica().notices;
        stage.edit(spec -> spec.slip = Slip.TYPE);
        life.round();

        assertThat(life.replica().notices).isEqualTo(before + 1);
        assertThat(listener.newest()).isEqualTo(stage.status());
    }

    @Test
    void a_rung_begins_with_the_answer_to_its_write() {
        climbTo(1);
        stage.edit(spec -> spec.maxWeight = 10);
        slowly(Duration.ofSeconds(2));
        life.round();

        var status = Objects.requireNonNull(stage.status());
        assertThat(Objects.requireNonNull(status.rollout()).since()).isEqualTo(stage.now.toString());
        assertThat(orEmpty(status.history()).get(0).at())
                .isEqualTo(stage.now.minusSeconds(2).toString());
    }

    /** Each read of the API server takes no time, and the write of the route this long. */
    private void slowly(Duration time) {
        stage.meanwhiles = 1;
        stage.meanwhile = () -> stage.now = stage.now.plus(time);
    }

    @Test
    void finalizers_of_others_stay() {
        Objects.requireNonNull(stage.rollout).getMetadata().setFinalizers(List.of("example.com/keeps"));
        climbTo(1);
        assertThat(stage.rollout.getFinalizers()).containsExactly("example.com/keeps", RolloutStore.FINALIZER);
        stage.edit(spec -> spec.target = "v1");
        life.round();

        assertThat(stage.rollout.getFinalizers()).containsExactly("example.com/keeps");
    }

    @Test
    void each_transition_is_told_once() {
        climbTo(10);
        stage.edit(spec -> spec.target = "v1");
        life.round();

        assertThat(listener.moves)
                .containsExactly(
                        " > Live: Live",
                        "Live > Waiting: Progressing",
                        "Waiting > Progressing: Progressing",
                        "Progressing > Live: Live");
    }

    @Test
    void what_is_told_is_newer_than_what_is_written() {
        climbTo(10);
        life.pass(Duration.ofSeconds(40));
        var written = listener.newest();
        life.pass(Stage.INTERVAL);

        assertThat(listener.newest()).isNotEqualTo(written);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void a_call_that_fails_is_made_again_after_a_second(Call call) {
        life.round();
        stage.edit(spec -> {
            spec.target = "v2";
            spec.maxWeight = 1;
        });
        stage.breaks = new Break(call, false, false);
        life.round();
        life.pass(Duration.ofSeconds(10));

        assertThat(stage.breaks).isNull();
        assertThat(share()).isEqualTo(1);
        assertThat(phase()).isEqualTo("Progressing");
    }

    /** v2 is on its way, and stays at this weight. */
    private void climbTo(int percent) {
        life.round();
        stage.edit(spec -> {
            spec.target = "v2";
            spec.maxWeight = percent;
        });
        life.round();
        life.pass(Duration.ofMinutes(2));
        assertThat(share()).isEqualTo(percent);
        assertThat(phase()).isEqualTo("Progressing");
    }

    private void hearNothingOf(Watch watch) {
        life.replica().silence(watch, stage.now.plus(Duration.ofHours(1)));
    }

    private void count(AtomicInteger calls) {
        stage.pause = () -> {
            calls.incrementAndGet();
            count(calls);
        };
    }

    private int share() {
        return Objects.requireNonNull(stage.route).weightOf("v2");
    }

    private String phase() {
        return Invariants.phase(stage.status());
    }

    private List<String> reasons() {
        return orEmpty(Objects.requireNonNull(stage.status()).history()).stream()
                .map(ModelRolloutStatus.HistoryEntry::reason)
                .toList();
    }

    /** Which generation of the spec has woken the others. */
    private final class Waking implements Caches {

        private final Caches caches;

        private Waking(Caches caches) {
            this.caches = caches;
        }

        @Override
        public Optional<SlimDeployment> deployment(String namespace, String name) {
            return caches.deployment(namespace, name);
        }

        @Override
        public boolean isReachable(String namespace, String service) {
            return caches.isReachable(namespace, service);
        }

        @Override
        public List<ModelRollout> rolloutsOf(String namespace, String route) {
            return caches.rolloutsOf(namespace, route);
        }

        @Override
        public void wakeNeighbours(ModelRollout rollout) {
            woken.add(rollout.getMetadata().getGeneration());
        }
    }

    private static final class Listener implements Telemetry {

        private final List<ModelRolloutStatus> shown = new ArrayList<>();
        private final List<String> moves = new ArrayList<>();
        private final List<Duration> rollbacks = new ArrayList<>();
        private final List<String> gone = new ArrayList<>();

        private ModelRolloutStatus newest() {
            return shown.get(shown.size() - 1);
        }

        @Override
        public void shows(ModelRollout rollout, ModelRolloutStatus status) {
            shown.add(status);
        }

        @Override
        public void moved(String from, String to, String reason) {
            moves.add(from + " > " + to + ": " + reason);
        }

        @Override
        public void rolledBack(Duration took) {
            rollbacks.add(took);
        }

        @Override
        public void gone(String namespace, String name) {
            gone.add(namespace + "/" + name);
        }
    }

    /** A router whose route an admission policy keeps as it is, for so many rises more. */
    private record Guarded(TrafficRouter right, AtomicInteger refusals) implements DelegatingRouter {

        @Override
        public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
            return refusals.getAndDecrement() <= 0 && right.raise(plan, view, split);
        }
    }
}
