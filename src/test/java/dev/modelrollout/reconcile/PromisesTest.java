package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.Town.condition;
import static dev.modelrollout.reconcile.Town.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.FailedRevision;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised about a rollout, on a real API server, seen from outside. */
@NeedsApiServer
class PromisesTest {

    private Town town;

    @BeforeEach
    void settle(ApiServer server) {
        town = new Town(server).measures("v1", 0.01).measures("v2", 0.01).startOperator();
        town.applyChat("v1");
        town.awaitReason("Live");
    }

    @AfterEach
    void leave() {
        town.close();
    }

    @Test
    void a_good_candidate_climbs_each_rung_once_and_is_live() {
        town.applyChat("v2");
        var status = town.awaitReason("Live");

        assertThat(town.weights()).containsExactly(0, 1, 10, 50, 100);
        assertThat(status.live()).isEqualTo("v2");
        town.awaitNoFinalizer();
    }

    @Test
    void a_breach_takes_everything_back_and_bars_the_revision() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.measures("v2", 0.2);
        var status = town.awaitReason("CheckFailed");

        assertThat(town.weightNow()).isZero();
        assertThat(status.phase()).isEqualTo("RolledBack");
        assertThat(status.failedRevisions()).hasSize(1);
        assertThat(town.awaitEvent("RollBack"))
                .returns("Warning", Event::getType)
                .returns("CheckFailed", Event::getReason)
                .returns("chat", event -> event.getRegarding().getName())
                .satisfies(event -> assertThat(event.getNote())
                        .startsWith("Rolled back at 25 %: check errors")
                        .endsWith("raise spec.attempt to 2."));
        assertThat(town.awaitEvent("Raise"))
                .returns("Normal", Event::getType)
                .returns("Progressing", Event::getReason)
                .returns("test", Event::getReportingInstance);
    }

    /** v2 is barred by a breach that is over. */
    private void failAt25() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.measures("v2", 0.2);
        town.awaitReason("CheckFailed");
        town.measures("v2", 0.01);
    }

    @Test
    void a_barred_revision_is_tried_again_with_another_template() {
        failAt25();
        town.release("v2", "model:mended");
        town.awaitWeight(25);

        assertThat(town.weights()).containsExactly(0, 25, 0, 25);
    }

    @Test
    void endpoints_that_are_gone_wake_who_rests() {
        town.endpoints("v1", 0);
        town.awaitReason("LiveUnavailable");
        town.endpoints("v1", 1);

        assertThat(town.awaitReason("Live").live()).isEqualTo("v1");
    }

    @Test
    void an_endpoint_that_does_not_say_whether_it_is_ready_takes_traffic() {
        town.endpoints("v1", 0);
        town.awaitReason("LiveUnavailable");
        town.silentEndpoint("v1");

        assertThat(town.awaitReason("Live").live()).isEqualTo("v1");
    }

    @Test
    void endpoints_of_a_backend_with_another_name_than_its_deployment_wake_who_rests() {
        town.edit("chat", """
                "versions": [{"name": "v1", "deployment": "chat-v2", "backend": {"name": "chat-v1"}},
                             {"name": "v2", "deployment": "chat-v0", "backend": {"name": "chat-v2"}}]""");
        town.awaitStatus(seen -> Long.valueOf(2).equals(seen.observedGeneration()));
        town.endpoints("v1", 0);

        assertThat(town.awaitReason("LiveUnavailable").live()).isEqualTo("v1");
    }

    @Test
    void a_candidate_rises_as_soon_as_its_last_pod_is_ready() {
        town.pods("v2", 1);
        town.applyChat("v2", "analysis: {warmup: 0s}");
        town.awaitReason("CandidateNotReady");
        town.pods("v2", 2);
        town.awaitReason("Live");

        assertThat(town.weights()).containsExactly(0, 1, 10, 50, 100);
    }

    @Test
    void a_barred_revision_stays_barred_across_target_changes_and_restart() {
        failAt25();
        town.applyChat("v1");
        town.awaitReason("Live");
        town.stopOperator();
        town.startOperator();
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitReason("CheckFailed");

        assertThat(town.weights()).containsExactly(0, 25, 0);
    }

    @Test
    void a_higher_attempt_tries_a_barred_revision_again() {
        failAt25();
        town.applyChat("v2", "attempt: 2");
        town.awaitReason("Live");

        assertThat(town.weights()).containsExactly(0, 25, 0, 1, 10, 50, 100);
    }

    @ParameterizedTest
    @EnumSource(Blindness.class)
    void blindness_holds_the_weight(Blindness why) {
        town.applyChat("v2", "steps: [{weight: 25, hold: 1s}]");
        town.awaitWeight(25);
        town.blind(why);
        var status = town.awaitReason("Blind");

        assertThat(town.weightNow()).isEqualTo(25);
        assertThat(condition(status, "MetricsAvailable").getReason()).isEqualTo(why.text());
    }

    @Test
    void a_rollout_that_was_blind_goes_on_when_answers_return() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 1s}]");
        town.awaitWeight(25);
        town.blind(Blindness.TIMEOUT);
        town.awaitReason("Blind");
        town.blind(null);
        town.awaitReason("Live");

        assertThat(town.weights()).containsExactly(0, 25, 100);
    }

    @Test
    void blind_too_long_rolls_back_only_when_asked_to() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 1s}]", "onBlind: Rollback", "maxBlind: 2s");
        town.awaitWeight(25);
        town.blind(Blindness.TIMEOUT);
        town.awaitReason("BlindTooLong");

        assertThat(town.weightNow()).isZero();
    }

    @Test
    void a_candidate_without_a_ready_pod_loses_its_traffic_while_prometheus_is_away() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.blind(Blindness.UNREACHABLE);
        town.pods("v2", 0);
        town.awaitReason("CandidateLost");

        assertThat(town.weightNow()).isZero();
    }

    @Test
    void a_third_loss_rolls_back() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        for (var loss = 1; loss <= 3; loss++) {
            town.awaitWeight(25);
            town.pods("v2", 0);
            town.awaitWeight(0);
            town.pods("v2", 2);
        }
        var status = town.awaitStatus(seen -> "RolledBack".equals(seen.phase()));

        assertThat(reasonOf(status)).isEqualTo("CandidateLost");
        assertThat(condition(status, "Stalled").getStatus()).isEqualTo("True");
        assertThat(town.rollbacks()).hasSize(1);
        assertThat(town.awaitEvent("RollBack")).returns("Warning", Event::getType);
    }

    @Test
    void a_breach_waits_for_nobody_but_a_stable_that_could_take_the_traffic() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.pods("v1", 0);
        town.measures("v2", 0.2);
        town.awaitReason("StableUnavailable");
        town.pods("v1", 1);
        town.awaitReason("CheckFailed");

        assertThat(town.weights()).containsExactly(0, 25, 0);
    }

    @Test
    void both_beyond_a_limit_halts_until_stable_is_well() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.measures("v1", 0.3).measures("v2", 0.3);
        var halted = town.awaitReason("BothUnhealthy");
        town.measures("v1", 0.01);
        town.awaitReason("CheckFailed");

        assertThat(halted.weight()).isEqualTo(25);
        assertThat(town.weightNow()).isZero();
    }

    @Test
    void on_failure_hold_keeps_the_weight_for_a_person() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]", "onFailure: Hold");
        town.awaitWeight(25);
        town.measures("v2", 0.2);
        var status = town.awaitReason("HeldOnFailure");

        assertThat(status.phase()).isEqualTo("Halted");
        assertThat(town.weightNow()).isEqualTo(25);
    }

    @Test
    void a_raised_share_is_put_back() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.awaitStatus(seen -> Integer.valueOf(25).equals(seen.weight()));
        town.someoneSets(10, 90);
        var status = town.awaitReason("Drifted");

        assertThat(town.weights()).containsExactly(0, 25, 90, 25);
        assertThat(condition(status, "Drifted").getStatus()).isEqualTo("True");
    }

    @Test
    void a_lowered_share_is_held_anew_from_the_rung_below() {
        town.applyChat("v2", "steps: [{weight: 10, hold: 0s}, {weight: 50, hold: 30s}]");
        town.awaitWeight(50);
        town.awaitStatus(seen -> Integer.valueOf(50).equals(seen.weight()));
        town.someoneSets(80, 20);
        town.awaitReason("Drifted");

        assertThat(town.weights()).containsExactly(0, 10, 50, 20, 10);
    }

    @Test
    void the_ceiling_holds_and_raising_it_is_the_approval() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        town.applyChat("v2", "maxWeight: 100");
        town.awaitReason("Live");

        assertThat(town.weights()).containsExactly(0, 1, 10, 30, 50, 100);
    }

    @Test
    void lowering_the_ceiling_lowers_the_share_at_once() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        town.applyChat("v2", "maxWeight: 10");
        town.awaitWeight(10);

        assertThat(town.weights()).containsExactly(0, 1, 10, 30, 10);
    }

    @Test
    void the_target_set_back_to_live_is_the_abort() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        town.applyChat("v1");
        var status = town.awaitReason("Live");

        assertThat(town.weightNow()).isZero();
        assertThat(StatusReader.orEmpty(status.history()).get(0).reason()).isEqualTo("Aborted");
        assertThat(status.failedRevisions()).isNull();
        assertThat(town.awaitEvent("Abort")).returns("Live", Event::getReason);
    }

    @Test
    void a_new_template_in_mid_rollout_starts_again_from_nothing() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        town.release("v2", "model:v2b");
        town.awaitStatus(seen -> town.weights().size() > 5 && reasonOf(seen).equals("AtMaxWeight"));

        assertThat(town.weights()).containsExactly(0, 1, 10, 30, 0, 1, 10, 30);
    }

    @Test
    void nothing_rises_before_a_deletion_would_wait_for_us() {
        var finalizers = "\"/metadata/finalizers\"";
        town.requestsSince();
        town.loses(finalizers);
        town.applyChat("v2");
        town.awaitRequests(finalizers, 3);
        assertThat(town.weights()).containsExactly(0);
        town.loses(null);
        town.awaitStatus(seen -> "v2".equals(seen.live()));

        assertThat(town.weights()).containsExactly(0, 1, 10, 50, 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /apis/modelrollout.dev/",
                "GET /apis/gateway.networking.k8s.io/",
                "PATCH /apis/modelrollout.dev/",
                "PATCH /apis/gateway.networking.k8s.io/"
            })
    void a_call_that_reaches_nobody_is_made_again_although_nothing_happens(String call) {
        town.requestsSince();
        town.loses(call);
        town.applyChat("v2", "maxWeight: 1", "analysis: {warmup: 0s}");
        town.awaitRequests(call, 3);
        town.loses(null);
        town.awaitReason("AtMaxWeight");

        assertThat(town.weights()).containsExactly(0, 1);
    }

    @Test
    void an_event_that_hangs_delays_nothing() {
        var overtaken = new CompletableFuture<Void>();
        town.before("POST /apis/events.k8s.io/", () -> {
            town.awaitReason("AtMaxWeight");
            overtaken.complete(null);
        });
        town.applyChat("v2", "maxWeight: 10");

        assertThat(overtaken).succeedsWithin(Town.CEILING);
    }

    @Test
    void deletion_while_split_gives_everything_to_live() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        assertThat(town.rollout("chat").getFinalizers()).containsExactly("modelrollout.dev/traffic");
        town.delete("chat");

        assertThat(town.weightNow()).isZero();
        await().atMost(Town.CEILING).until(() -> town.gone().contains("chat"));
    }

    @Test
    void deletion_gives_nothing_to_whom_nobody_can_reach_and_says_so() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        town.endpoints("v1", 0);
        town.awaitReason("StableUnavailable");
        town.delete("chat");

        assertThat(town.weightNow()).isEqualTo(30);
        await().atMost(Town.CEILING)
                .until(() -> town.events().stream()
                        .anyMatch(event -> event.getReason().equals("StableUnavailable")
                                && event.getNote()
                                        .endsWith("v1 has no ready endpoint: the weights stay as they are.")));
    }

    @Test
    void deletion_says_that_somebody_else_keeps_changing_the_route() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        contend(40);
        town.admin()
                .resources(ModelRollout.class)
                .inNamespace(town.namespace())
                .withName("chat")
                .delete();

        await().atMost(Town.CEILING)
                .until(() -> town.events().stream()
                        .anyMatch(event -> event.getReason().equals("Contested")
                                && event.getNote().contains("takes no write that gives all traffic to v1")));
    }

    /** Each of the operator's writes of the route comes too late. */
    private void contend(int share) {
        town.before("PATCH /apis/gateway.networking.k8s.io/", () -> {
            town.someoneSets(100 - share, share);
            contend(share == 40 ? 50 : 40);
        });
    }

    @Test
    void whoever_is_deleted_before_the_first_rise_gets_none() {
        town.before("\"/metadata/finalizers\"", () -> town.delete("chat"));
        town.applyChat("v2");
        await().atMost(Town.CEILING).until(() -> town.gone().contains("chat"));

        assertThat(town.weightNow()).isZero();
        assertThat(town.weights()).containsExactly(0);
    }

    @Test
    void a_foreign_weight_is_put_back_although_no_gateway_takes_it() {
        // What the first list has shown never equals what a watch tells: it wakes whatever has changed.
        town.annotateRoute();
        await().atMost(Town.CEILING)
                .during(Duration.ofSeconds(2))
                .until(() -> town.requestsSince().isEmpty());
        town.gatewayGoesAway();
        town.someoneSets(50, 50);
        await().atMost(Town.CEILING).until(() -> town.weights().equals(List.of(0, 50, 0)));
    }

    @Test
    void a_route_of_the_same_name_elsewhere_is_another_one(ApiServer server) {
        var elsewhere = server.newNamespace();
        town.stopOperator();
        Surroundings.create(town.admin(), elsewhere, "chat");
        town.admin().resource("""
                        apiVersion: modelrollout.dev/v1alpha1
                        kind: ModelRollout
                        metadata: {name: chat}
                        spec:
                          route: {name: chat}
                          versions: [{name: v1, deployment: chat-v1}]
                          target: v1
                        """).inNamespace(elsewhere).create();
        town.delete("chat");
        town.startOperator(town.source(), elsewhere);
        await().atMost(Town.CEILING)
                .until(() -> Optional.ofNullable(town.admin()
                                .resources(ModelRollout.class)
                                .inNamespace(elsewhere)
                                .withName("chat")
                                .get()
                                .getStatus())
                        .filter(seen -> seen.conditions() != null)
                        .isPresent());
        town.applyChat("v1");

        assertThat(town.awaitReason("Live").live()).isEqualTo("v1");
    }

    @Test
    void endpoints_of_a_service_of_the_same_name_elsewhere_are_no_help(ApiServer server) {
        var elsewhere = server.newNamespace();
        town.stopOperator();
        Surroundings.create(town.admin(), elsewhere, "chat");
        town.startOperator(town.source(), elsewhere);
        town.endpoints("v1", 0);

        assertThat(town.awaitReason("LiveUnavailable").live()).isEqualTo("v1");
    }

    @Test
    void a_check_that_cannot_be_read_keeps_no_way_down_closed() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        var typo = "analysis: {checks: [{name: errors, query: 'errors{v=\"$version\", n=\"$nmespace\"}', max: \"1\"}]}";
        town.applyChat("v2", "maxWeight: 30", typo);
        town.awaitReason("InvalidSpec");
        town.pods("v2", 0);
        town.awaitWeight(0);
    }

    @Test
    void deletion_gives_everything_to_live_whatever_the_checks_say() {
        town.applyChat("v2", "maxWeight: 30");
        town.awaitReason("AtMaxWeight");
        var typo = "analysis: {checks: [{name: errors, query: 'errors{v=\"$version\", n=\"$nmespace\"}', max: \"1\"}]}";
        town.applyChat("v2", "maxWeight: 30", typo);
        town.awaitReason("InvalidSpec");
        town.delete("chat");

        assertThat(town.weightNow()).isZero();
    }

    @Test
    void a_breach_is_acted_on_although_stables_deployment_is_gone() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.deleteDeployment("v1");
        town.awaitReason("DeploymentMissing");
        town.measures("v2", 0.2);
        var status = town.awaitStatus(seen -> "RolledBack".equals(seen.phase()));

        assertThat(status.failedRevisions()).extracting(FailedRevision::reason).containsExactly("CheckFailed");
        assertThat(town.weightNow()).isZero();
    }

    @Test
    void of_two_obstacles_the_one_that_is_left_is_named() {
        town.deleteDeployment("v2");
        town.deleteDeployment("v1");
        town.applyChat("v2", "maxWeight: 0");
        town.awaitStatus(seen -> condition(seen, "Ready").getMessage().startsWith("Deployment chat-v1"));
        town.pods("v1", 2);
        town.awaitStatus(seen -> condition(seen, "Ready").getMessage().startsWith("Deployment chat-v2"));
    }

    @Test
    void a_put_back_after_a_rollback_stays_visible_for_ten_seconds_only() {
        town.applyChat("v2", "steps: [{weight: 25, hold: 30s}]");
        town.awaitWeight(25);
        town.measures("v2", 0.2);
        town.awaitReason("CheckFailed");
        town.someoneSets(90, 10);
        town.awaitStatus(seen -> condition(seen, "Drifted").getStatus().equals("True"));
        town.awaitStatus(seen -> condition(seen, "Drifted").getStatus().equals("False"));
    }

    @Test
    void a_gateway_that_does_not_take_the_route_is_waited_for() {
        town.gatewayGoesAway();
        town.applyChat("v2");
        var status = town.awaitReason("RouteNotProgrammed");
        town.gatewayReturns();
        town.awaitReason("Live");

        assertThat(status.weight()).isEqualTo(1);
        assertThat(town.weights()).containsExactly(0, 1, 10, 50, 100);
    }

    @Test
    void a_restart_with_nothing_changed_writes_nothing() {
        town.applyChat("v2", "maxWeight: 10");
        town.awaitReason("AtMaxWeight");
        town.stopOperator();
        var before = town.rollout("chat").getMetadata().getResourceVersion();
        town.requestsSince();
        town.startOperator();
        town.apply("other", "target: v1");
        town.awaitStatus("other", status -> reasonOf(status).equals("Conflict"));

        assertThat(town.rollout("chat").getMetadata().getResourceVersion()).isEqualTo(before);
    }

    @Test
    void our_own_rise_cut_short_by_a_crash_is_no_drift() {
        town.applyChat("v2", "steps: [{weight: 10, hold: 30s}, {weight: 50, hold: 30s}]");
        town.awaitWeight(10);
        town.awaitStatus(seen -> Integer.valueOf(10).equals(seen.weight()));
        town.stopOperator();
        town.someoneSets(50, 50);
        town.startOperator();
        town.awaitWeight(10);

        assertThat(town.rollout("chat").getStatus().history())
                .noneMatch(entry -> entry.reason().equals("Drifted"));
    }

    @Test
    void one_step_costs_two_reads_and_two_patches() {
        town.applyChat("v2", "maxWeight: 1");
        town.awaitReason("AtMaxWeight");
        town.requestsSince();
        town.applyChat("v2", "maxWeight: 10");
        town.awaitStatus(seen -> Integer.valueOf(10).equals(seen.weight()));
        town.awaitReason("AtMaxWeight");

        var requests = town.requestsSince();
        assertThat(requests).filteredOn(request -> request.startsWith("GET")).hasSize(2);
        assertThat(requests)
                .filteredOn(request -> request.startsWith("PATCH") && request.contains("/modelrollouts/"))
                .isNotEmpty()
                .allMatch(request -> request.contains("\"path\":\"/metadata/resourceVersion\""));
        assertThat(requests)
                .filteredOn(request -> request.startsWith("PATCH") && request.contains("httproutes"))
                .hasSize(1);
        assertThat(requests).filteredOn(request -> request.startsWith("POST")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void the_younger_of_two_rollouts_on_one_rule_waits_and_names_the_other() {
        town.apply("other", "target: v1");
        var names = Stream.of("chat", "other")
                .sorted(Comparator.comparing(this::seniority))
                .toList();
        var status = town.awaitStatus(names.get(1), seen -> reasonOf(seen).equals("Conflict"));

        assertThat(condition(status, "Ready").getMessage()).contains(names.get(0));
        assertThat(reasonOf(town.rollout(names.get(0)).getStatus())).isEqualTo("Live");
    }

    @Test
    void who_comes_to_the_rule_of_a_younger_one_has_it_at_once() {
        town.apply("other", "target: v1");
        var names = Stream.of("chat", "other")
                .sorted(Comparator.comparing(this::seniority))
                .toList();
        town.edit(names.get(0), "\"route\": {\"name\": \"elsewhere\"}");
        town.awaitStatus(names.get(1), seen -> reasonOf(seen).equals("Live"));
        town.awaitStatus(names.get(0), seen -> reasonOf(seen).equals("RouteMissing"));
        town.edit(names.get(0), "\"route\": {\"name\": \"chat\"}");
        town.awaitStatus(names.get(1), seen -> reasonOf(seen).equals("Conflict"));

        assertThat(town.awaitStatus(names.get(0), seen -> reasonOf(seen).equals("Live"))
                        .live())
                .isEqualTo("v1");
    }

    /** Creation times have whole seconds. */
    private String seniority(String rollout) {
        var meta = town.rollout(rollout).getMetadata();
        return meta.getCreationTimestamp() + meta.getUid();
    }

    @Test
    void a_missing_route_stalls_and_mends_itself() {
        town.deleteRoute();
        town.awaitReason("RouteMissing");
        town.createRoute();
        town.awaitReason("Live");

        assertThat(town.weightNow()).isZero();
    }

    @Test
    void every_condition_is_there_at_first_sight() {
        var types = StatusReader.orEmpty(town.awaitReason("Live").conditions()).stream()
                .map(condition -> condition.getType())
                .toList();

        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(List.of(
                        "Ready",
                        "Reconciling",
                        "Stalled",
                        "RouteProgrammed",
                        "MetricsAvailable",
                        "AnalysisConfigured",
                        "Drifted"));
    }
}
