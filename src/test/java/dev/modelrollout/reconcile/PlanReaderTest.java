package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.GaugeLimit.BetterThanStable;
import dev.modelrollout.analysis.GaugeLimit.WorseThanStable;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.presets.Measure;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.rollout.AdaptiveClimb;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.CountsCheck;
import dev.modelrollout.rollout.EventCounters;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.NamedCheck;
import dev.modelrollout.rollout.QueryCheck;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RiskClimb;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the wire to the intent: defaults, units, and what an older schema may have let in. */
class PlanReaderTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String CHAT = "route: {name: chat}, target: v2,"
            + " versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}]";

    @Test
    void what_is_left_out_has_the_documented_default() {
        assertThat(plan("{%s}".formatted(CHAT)))
                .returns(
                        new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                        RolloutPlan::route)
                .returns(100, RolloutPlan::maxWeight)
                .returns(1, RolloutPlan::attempt)
                .returns(
                        List.of(
                                new Step(1, Duration.ofMinutes(5)),
                                new Step(10, Duration.ofMinutes(10)),
                                new Step(50, Duration.ofMinutes(10))),
                        plan -> ((Ladder) plan.climb()).steps())
                .returns(100, RolloutPlan::minReady)
                .returns(Duration.ofMinutes(5), RolloutPlan::grace)
                .returns(Duration.ofMinutes(30), RolloutPlan::readyDeadline)
                .returns("default", plan -> plan.analysis().provider())
                .returns(Duration.ofSeconds(15), plan -> plan.analysis().interval())
                .returns(Duration.ofMinutes(1), plan -> plan.analysis().warmup())
                .returns(false, RolloutPlan::holdOnFailure)
                .returns(false, RolloutPlan::rollBackWhenBlind)
                .returns(Duration.ofMinutes(10), RolloutPlan::maxBlind)
                .returns(null, RolloutPlan::deadline)
                .returns(false, RolloutPlan::rollBackAtDeadline)
                .returns(false, RolloutPlan::paused)
                .returns(Backend.service("chat-v2"), plan -> plan.version("v2").backend());
    }

    @Test
    void without_a_way_of_its_own_the_weight_follows_the_evidence_where_failures_are_counted() {
        var counts = "counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}, max: 2%";
        var ofErrors = "preset: vllm/errors, max: 2%";
        var ofNobody = "preset: nobody/knows, max: 2%";

        assertThat(climb("analysis: {checks: [{name: e, %s}]}".formatted(counts)))
                .isEqualTo(new RiskClimb(0.01, Duration.ofSeconds(15)));
        assertThat(climb("analysis: {interval: 30s, checks: [{name: e, %s}]}, ramp: {mode: Risk, risk: 0.5%%}"
                        .formatted(counts)))
                .isEqualTo(new RiskClimb(0.005, Duration.ofSeconds(30)));
        assertThat(climb("analysis: {checks: [{name: e, %s}]}".formatted(ofErrors)))
                .isInstanceOf(RiskClimb.class);
        assertThat(climb("analysis: {checks: [{name: e, %s}]}".formatted(ofNobody)))
                .isInstanceOf(RiskClimb.class);
        assertThat(climb("analysis: {checks: [{name: e, query: '{v=\"$version\"}', max: 1}]}"))
                .isInstanceOf(Ladder.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preset: vllm/ttft, slowerThan: 1s",
                "preset: vllm/kv-cache",
                "latency: {buckets: 'b{v=\"$version\"}'}, slowerThan: 1s, max: 1%",
                "score: {sum: 's{v=\"$version\"}', count: 'c{v=\"$version\"}'}, min: 0.8"
            })
    void what_counts_no_failures_bounds_no_risk(String check) {
        assertThat(climb("analysis: {checks: [{name: e, %s}]}".formatted(check)))
                .isInstanceOf(Ladder.class);
    }

    @Test
    void a_risk_may_be_that_of_everything() {
        var errors = "analysis: {checks: [{name: e, preset: vllm/errors}]}, ramp: {mode: Risk, risk: %s}";

        assertThat(climb(errors.formatted("100%"))).isEqualTo(new RiskClimb(1, Duration.ofSeconds(15)));
        assertThat(refusal(errors.formatted("100.1%"))).contains("spec.ramp.risk is 100.1%");
        assertThat(refusal(errors.formatted("-1%"))).contains("spec.ramp.risk is -1%");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {mode: Adaptive, step: 5, by: e, threshold: 0}              | needs every, step, by and threshold
            {mode: Adaptive, every: 5m, by: e, threshold: 0}            | needs every, step, by and threshold
            {mode: Adaptive, every: 5m, step: 5, threshold: 0}          | needs every, step, by and threshold
            {mode: Adaptive, every: 5m, step: 5, by: e, threshold: 0, risk: 1%} | and has no risk
            {mode: Adaptive, every: 5m, step: 0, by: e, threshold: 0}   | spec.ramp.step is 0
            {mode: Adaptive, every: 5m, step: 100, by: e, threshold: 0} | spec.ramp.step is 100
            {mode: Adaptive, every: 5m, step: 5, by: e, threshold: 101%} | spec.ramp.threshold is 101%
            {mode: Risk, step: 5}                                       | belong to mode Adaptive
            {mode: Risk, threshold: 0}                                  | belong to mode Adaptive
            """)
    void a_ramp_has_what_its_mode_needs_and_nothing_else(String ramp, String said) {
        assertThat(refusal("analysis: {checks: [{name: e, preset: vllm/errors}]}, ramp: " + ramp))
                .contains(said);
    }

    @Test
    void a_lead_in_numbers_may_be_any() {
        var ramp =
                "ramp: {mode: Adaptive, every: 5m, step: 5, by: e, threshold: 2}, analysis: {checks: [{name: e, %s}]}";

        for (var number : List.of("preset: dcgm/energy-per-token", "preset: nobody/knows")) {
            assertThat(climb(ramp.formatted(number))).isEqualTo(new AdaptiveClimb("e", Duration.ofMinutes(5), 5, 2));
        }
        for (var share : List.of(
                "preset: vllm/ttft, slowerThan: 1s",
                "counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}, max: 1%",
                "score: {sum: 's{v=\"$version\"}', count: 'c{v=\"$version\"}'}, min: 0.8")) {
            assertThat(refusal(ramp.formatted(share))).contains("spec.ramp.threshold is 2; check e compares shares");
        }
    }

    @Test
    void an_adaptive_ramp_follows_a_check() {
        var check = "analysis: {checks: [{name: e, query: '{v=\"$version\"}', max: 1}]}, ramp: ";

        assertThat(climb(check + "{mode: Adaptive, every: 5m, step: 5, by: e, threshold: '-0.2%'}"))
                .isEqualTo(new AdaptiveClimb("e", Duration.ofMinutes(5), 5, -0.002));
        assertThat(refusal(check + "{mode: Adaptive, every: 5m, step: 5, by: f, threshold: 0}"))
                .contains("spec.ramp.by f is none of spec.analysis.checks");
        assertThat(climb(check + "{mode: Adaptive, every: 5m, step: 5, by: e, threshold: -2}"))
                .isEqualTo(new AdaptiveClimb("e", Duration.ofMinutes(5), 5, -2));
        assertThat(refusal("analysis: {checks: [{name: e, preset: vllm/errors, max: 2%}]},"
                        + " ramp: {mode: Adaptive, every: 5m, step: 5, by: e, threshold: -2}"))
                .contains("spec.ramp.threshold is -2", "from -100% to 100%");
        assertThat(refusal(check + "{mode: Adaptive, every: 5m, step: 5, by: e}"))
                .contains("needs every, step, by and threshold", "write for example");
        assertThat(refusal(check + "{mode: Risk, every: 5m}")).contains("belong to mode Adaptive");
        assertThat(refusal("analysis: {checks: [{name: e, preset: vllm/errors, max: 2%}]}, ramp: {mode: Risk, by: e}"))
                .contains("belong to mode Adaptive");
    }

    @Test
    void a_ramp_that_cannot_be_bounded_is_refused_and_says_what_to_write() {
        assertThat(read("{%s, ramp: {mode: Risk}}".formatted(CHAT)).trouble())
                .returns(Reason.INVALID_SPEC, Trouble::reason)
                .satisfies(trouble -> assertThat(trouble.message())
                        .contains("spec.ramp.mode Risk needs a check that counts", "write steps instead"));
        assertThat(read("{%s, ramp: {mode: Risk, risk: 0}}".formatted(CHAT)).trouble())
                .satisfies(trouble -> assertThat(trouble.message()).contains("spec.ramp.risk"));
        assertThat(read("{%s, ramp: {mode: Risk}, steps: [{weight: 1, hold: 0s}]}".formatted(CHAT))
                        .trouble())
                .satisfies(trouble -> assertThat(trouble.message()).contains("exclude each other"));
    }

    @Test
    void units_are_read() {
        var plan = plan("""
                {%s, steps: [{weight: 5, hold: 1d2h3m4s}], health: {minReady: 29%%},
                 analysis: {checks: [{name: e, query: '{v="$version"}', max: 0.2%%}]}}
                """.formatted(CHAT));

        assertThat(((Ladder) plan.climb()).steps())
                .containsExactly(new Step(
                        5, Duration.ofDays(1).plusHours(2).plusMinutes(3).plusSeconds(4)));
        assertThat(plan.minReady()).isEqualTo(29);
        assertThat(((QueryCheck) plan.analysis().checks().get(0))
                        .rule()
                        .plain()
                        .limits()
                        .value()
                        .max())
                .isEqualTo(0.002);
    }

    @Test
    void what_is_set_is_taken() {
        var plan = plan("""
                {route: {name: chat, rule: canary}, target: v2, onFailure: Hold, onBlind: Rollback,
                 maxWeight: 30, attempt: 3, paused: true, analysis: {provider: other, interval: 30s, warmup: 2m},
                 maxBlind: 3m, deadline: 2h, health: {minReady: 50%, grace: 1m, deadline: 2m},
                 versions: [{name: v1, deployment: chat-v1, backend: {name: stable}}, {name: v2, deployment: chat-v2}]}
                """);

        assertThat(plan)
                .returns("canary", its -> its.route().rule())
                .returns(Backend.service("stable"), its -> its.version("v1").backend())
                .returns(Backend.service("chat-v2"), its -> its.version("v2").backend())
                .returns(30, RolloutPlan::maxWeight)
                .returns(3, RolloutPlan::attempt)
                .returns(true, RolloutPlan::paused)
                .returns("other", its -> its.analysis().provider())
                .returns(Duration.ofSeconds(30), its -> its.analysis().interval())
                .returns(Duration.ofMinutes(2), its -> its.analysis().warmup())
                .returns(50, RolloutPlan::minReady)
                .returns(Duration.ofMinutes(1), RolloutPlan::grace)
                .returns(Duration.ofMinutes(2), RolloutPlan::readyDeadline)
                .returns(Duration.ofMinutes(3), RolloutPlan::maxBlind)
                .returns(Duration.ofHours(2), RolloutPlan::deadline)
                .returns(true, RolloutPlan::holdOnFailure)
                .returns(true, RolloutPlan::rollBackWhenBlind)
                .returns(false, RolloutPlan::rollBackAtDeadline);
        assertThat(plan("{%s, onDeadline: Rollback, onFailure: Rollback, onBlind: Hold}".formatted(CHAT)))
                .returns(false, RolloutPlan::holdOnFailure)
                .returns(false, RolloutPlan::rollBackWhenBlind)
                .returns(true, RolloutPlan::rollBackAtDeadline);
    }

    @ParameterizedTest
    @CsvSource({
        "max: 4, LOWER",
        "min: 4, HIGHER",
        "'max: 4, min: 4', LOWER",
        "maxDifference: 4, LOWER",
        "minDifference: 4, HIGHER",
        "'max: 4, better: Lower', LOWER",
        "'max: 4, better: Higher', HIGHER"
    })
    void a_lower_number_is_better_unless_only_low_ones_are_limited_or_the_user_says_otherwise(
            String fields, Better better) {
        var rule = gauge("query: '{v=\"$version\"}', worseThanStable: 20%, " + fields)
                .rule();

        assertThat(rule.signs()).isEqualTo(new SignCheck(better, List.of(new WorseThanStable(0.2))));
    }

    @Test
    void each_limit_of_a_number_is_its_own() {
        var limits = gauge("query: '{v=\"$version\"}', min: 1, max: 2, minDifference: -3, maxDifference: 4")
                .rule()
                .plain()
                .limits();

        assertThat(limits).isEqualTo(new Limits(new Range(1, 2), new Range(-3, 4)));
    }

    @Test
    void slow_is_said_in_any_unit_and_asked_in_that_of_the_histogram() {
        var buckets = "latency: {buckets: 'b{v=\"$version\"}'%s}, max: 1%%, slowerThan: %s";

        assertThat(bound(buckets.formatted("", "300ms"))).isEqualTo(0.3);
        assertThat(bound(buckets.formatted("", "2s"))).isEqualTo(2);
        assertThat(bound(buckets.formatted("", "250us"))).isEqualTo(0.00025);
        assertThat(bound(buckets.formatted(", unit: ms", "2.5s"))).isEqualTo(2500);
        assertThat(bound(buckets.formatted(", unit: us", "3ms"))).isEqualTo(3000);
        assertThat(bound("preset: istio/latency, slowerThan: 1s")).isEqualTo(1000);
        assertThat(bound("preset: traefik/latency, slowerThan: 1s")).isEqualTo(1);
    }

    private static double bound(String check) {
        return ((EventCounters.SlowRequests) counting(check).counters()).slowerThan();
    }

    @Test
    void a_preset_fills_in_what_the_user_leaves_out() {
        assertThat(counting("preset: vllm/errors, worseThanStable: 50%").rule().limits())
                .containsExactly(new CountLimit.WorseThanStable(0.5));
        assertThat(counting("preset: vllm/errors").rule().limits())
                .containsExactly(new CountLimit.WorseThanStable(0.1));
        assertThat(gauge("preset: kube/oom").rule().plain().failures()).isEqualTo(1);
        assertThat(gauge("preset: kube/oom, failures: 2").rule().plain().failures())
                .isEqualTo(2);
    }

    /** What it asks are raw series, one for each process, and one for each bound of it. */
    @ParameterizedTest
    @MethodSource("presets")
    void a_preset_alone_asks_and_limits_as_it_says(String id) {
        var preset = Presets.load().find(id).orElseThrow();
        var slow = preset.measure() instanceof Measure.Latency ? ", slowerThan: 1s" : "";
        var limit = preset.defaults().isEmpty() ? ", worseThanStable: 10%" : "";
        var check = check("preset: " + id + slow + limit);

        assertThat(check.queries())
                .extracting(QueryTemplate::text)
                .isEqualTo(preset.measure()
                        .fold(
                                counts -> List.of(
                                        counts.bad().perInstance(),
                                        counts.total().perInstance()),
                                latency -> List.of(latency.buckets().perBucket()),
                                gauge -> List.of(gauge.query())));
        var limits = limit.isEmpty() ? preset.defaults() : Map.of("worseThanStable", "10%");
        if (check instanceof CountsCheck counted) {
            assertThat(counted.rule().limits()).isEqualTo(countLimits(limits));
        } else {
            var rule = ((QueryCheck) check).rule();
            assertThat(rule.plain().limits())
                    .isEqualTo(new Limits(
                            new Range(number(limits, "min", Double.NEGATIVE_INFINITY), number(limits, "max")),
                            new Range(
                                    number(limits, "minDifference", Double.NEGATIVE_INFINITY),
                                    number(limits, "maxDifference"))));
            assertThat(rule.signs().compares()).isEqualTo(limits.containsKey("worseThanStable"));
        }
    }

    static List<String> presets() {
        return Presets.load().ids();
    }

    private static List<CountLimit> countLimits(Map<String, String> texts) {
        assertThat(Set.of("max", "worseThanStable")).containsAll(texts.keySet());
        var limits = new ArrayList<CountLimit>();
        if (texts.containsKey("max")) {
            limits.add(new CountLimit.Max(number(texts, "max")));
        }
        if (texts.containsKey("worseThanStable")) {
            limits.add(new CountLimit.WorseThanStable(number(texts, "worseThanStable")));
        }
        return limits;
    }

    private static double number(Map<String, String> limits, String name) {
        return number(limits, name, Double.POSITIVE_INFINITY);
    }

    private static double number(Map<String, String> limits, String name, double none) {
        var text = limits.get(name);
        if (text == null) {
            return none;
        }
        return text.endsWith("%")
                ? new BigDecimal(text.substring(0, text.length() - 1))
                        .movePointLeft(2)
                        .doubleValue()
                : Double.parseDouble(text);
    }

    @Test
    void counters_of_a_preset_are_summed_for_each_process() {
        assertThat(counting("preset: vllm/errors").queries())
                .hasSize(2)
                .allMatch(query -> query.text().startsWith("sum by (job, pod, instance) ("));
        assertThat(counting("preset: vllm/ttft, slowerThan: 1s").queries())
                .singleElement()
                .matches(query -> query.text().startsWith("sum by (job, pod, instance, le) ("));
    }

    @Test
    void a_plain_number_of_a_preset_is_better_when_it_is_lower() {
        assertThat(gauge("preset: vllm/queue, worseThanStable: 20%").rule().signs())
                .isEqualTo(new SignCheck(Better.LOWER, List.of(new WorseThanStable(0.2))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vllm/errors", "triton/errors"})
    void a_preset_says_what_it_needs_and_whether_each_pod_counts(String id) {
        var preset = Presets.load().find(id).orElseThrow();

        assertThat(counting("preset: " + id))
                .returns(preset.perPod(), CountsCheck::perPod)
                .returns(preset.needs(), CountsCheck::needs);
        assertThat(counting("counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}, max: 1%"))
                .returns(false, CountsCheck::perPod)
                .returns("", CountsCheck::needs);
    }

    @Test
    void a_number_may_have_to_be_better() {
        var rule = gauge("query: '{v=\"$version\"}', max: 1, worseThanStable: 20%, betterThanStable: 5%")
                .rule();

        assertThat(rule.signs())
                .isEqualTo(new SignCheck(Better.LOWER, List.of(new WorseThanStable(0.2), new BetterThanStable(0.05))));
        assertThat(rule.plain().failures()).isEqualTo(3);
    }

    private static QueryCheck gauge(String check) {
        return (QueryCheck) check(check);
    }

    private static CountsCheck counting(String check) {
        return (CountsCheck) check(check);
    }

    private static NamedCheck check(String fields) {
        return plan("{%s, analysis: {checks: [{name: e, %s}]}}".formatted(CHAT, fields))
                .analysis()
                .checks()
                .get(0);
    }

    @Test
    void the_limits_of_a_score_are_those_of_how_far_it_is_from_the_better_end() {
        var high = scored("min: 0.75, minDifference: -2%, worseThanStable: 10%");
        var low = scored("max: 0.25, maxDifference: 2%, betterThanStable: 1%");

        assertThat(high.rule())
                .isEqualTo(new SequentialCheck(
                        List.of(
                                new CountLimit.Max(0.25),
                                new CountLimit.MaxDifference(0.02),
                                new CountLimit.WorseThanStable(0.1)),
                        true));
        assertThat(((EventCounters.Scored) high.counters()).better()).isEqualTo(Better.HIGHER);
        assertThat(low.rule().limits())
                .containsExactly(
                        new CountLimit.Max(0.25),
                        new CountLimit.MaxDifference(0.02),
                        new CountLimit.BetterThanStable(0.01));
        assertThat(((EventCounters.Scored) low.counters()).better()).isEqualTo(Better.LOWER);
        assertThat(((EventCounters.Scored) scored("worseThanStable: 10%").counters()).better())
                .isEqualTo(Better.HIGHER);
        assertThat(counting("score: {sum: 's{v=\"$version\"}', count: 'c{v=\"$version\"}'}, worseThanStable: 10%")
                        .rule())
                .isEqualTo(new SequentialCheck(List.of(new CountLimit.WorseThanStable(0.1)), false));
        assertThat(counting("score: {sum: 's{v=\"$version\"}', count: 'c{v=\"$version\"}'}, max: 0.25")
                        .rule())
                .isEqualTo(new SequentialCheck(List.of(new CountLimit.Max(0.25)), false));
    }

    @Test
    void a_score_is_read_from_its_own_queries() {
        assertThat(scored("min: 0.75").counters())
                .isEqualTo(new EventCounters.Scored(
                        new QueryTemplate("s{v=\"$version\"}"),
                        new QueryTemplate("c{v=\"$version\"}"),
                        new QueryTemplate("q{v=\"$version\"}"),
                        Better.HIGHER));
    }

    private static CountsCheck scored(String limits) {
        return counting("score: {sum: 's{v=\"$version\"}', count: 'c{v=\"$version\"}', squares: 'q{v=\"$version\"}'}, "
                + limits);
    }

    @Test
    void clusters_tell_versions_apart_and_ask_about_the_route_as_it_stands() {
        var plan = plan("{%s, analysis: {checks: [{name: e, preset: envoy-gateway/errors}]}}".formatted(CHAT));
        var check = plan.analysis().checks().get(0);
        var refs = List.of(new Ref(0, "v1", 1, true, Map.of()), new Ref(1, "v2", 0, true, Map.of()));
        var route = new RouteView("uid", 1, List.of(new ManagedRule(2, null, refs)), null, null, null);

        assertThat(plan.questions(check, "v2", route))
                .hasSize(2)
                .allSatisfy(question -> assertThat(question.query())
                        .contains("{envoy_cluster_name=~\"httproute/" + plan.namespace() + "/chat/rule/2/backend/1\""));
        assertThat(plan.questions(check, "v2", RouteView.unseen(new Trouble(Reason.ROUTE_MISSING, "no route"))))
                .isEmpty();
    }

    @Test
    void a_gauge_of_a_preset_is_compared_with_stable() {
        var plan = plan("{%s, analysis: {checks: [{name: e, preset: dcgm/energy-per-token, max: 9}]}}".formatted(CHAT));
        var rule = ((QueryCheck) plan.analysis().checks().get(0)).rule();

        assertThat(rule.signs()).isEqualTo(new SignCheck(Better.LOWER, List.of(new WorseThanStable(0.2))));
        assertThat(rule.plain().limits().value().max()).isEqualTo(9);
    }

    @Test
    void a_changed_limit_is_another_check_and_a_changed_name_is_not() {
        var check = "{%s, analysis: {checks: [{name: %s, query: '{v=\"$version\"}', max: \"%s\"}]}}";

        assertThat(identity(check.formatted(CHAT, "e", "0.2")))
                .isNotEqualTo(identity(check.formatted(CHAT, "e", "0.3")));
        assertThat(identity(check.formatted(CHAT, "e", "0.2"))).isEqualTo(identity(check.formatted(CHAT, "f", "0.2")));
    }

    @Test
    void another_query_or_another_source_is_another_check() {
        var counts = "{%s, analysis: {checks: [{name: e, max: 1%%, counts: {bad: 'b{v=\"$version\"}', total: %s}}]}}";
        var query = "{%s, analysis: {provider: %s, interval: %s, checks: [{name: e, query: %s, max: 1}]}}";

        assertThat(Stream.of(
                                counts.formatted(CHAT, "'t{v=\"$version\"}'"),
                                counts.formatted(CHAT, "'u{v=\"$version\"}'"),
                                query.formatted(CHAT, "a", "15s", "'q{v=\"$version\"}'"),
                                query.formatted(CHAT, "a", "15s", "'r{v=\"$version\"}'"),
                                query.formatted(CHAT, "b", "15s", "'q{v=\"$version\"}'"),
                                query.formatted(CHAT, "a", "16s", "'q{v=\"$version\"}'"))
                        .map(PlanReaderTest::identity))
                .doesNotHaveDuplicates();
    }

    @Test
    void counts_of_another_source_or_with_another_limit_are_another_check() {
        var counts = "{%s, analysis: {provider: %s, interval: %s, checks: [{name: e, max: %s,"
                + " counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}}]}}";

        assertThat(Stream.of(
                                counts.formatted(CHAT, "a", "15s", "1%"),
                                counts.formatted(CHAT, "b", "15s", "1%"),
                                counts.formatted(CHAT, "a", "16s", "1%"),
                                counts.formatted(CHAT, "a", "15s", "2%"))
                        .map(PlanReaderTest::identity))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxWeight: 0",
                "steps: [{weight: 1, hold: 30d}, {weight: 99, hold: 0s}]",
                "health: {minReady: 0%}",
                "analysis: {interval: 1s}",
                "analysis: {interval: 5m}",
                "analysis: {checks: [{name: e, query: 'q{v=\"$version\"}', min: 2, max: 2, failures: 1}]}",
                "analysis: {checks: [{name: e, query: 'q{v=\"$version\"}', min: 2, max: 2, failures: 10}]}",
                "analysis: {checks: [{name: e, preset: vllm/errors, max: 0%}, {name: f, preset: vllm/errors, max: 100%}]}",
                "analysis: {checks: [{name: e, score: {sum: '{v=\"$version\"}', count: '{v=\"$version\"}'},"
                        + " min: 0, minDifference: -100%}]}",
                "analysis: {checks: [{name: e, score: {sum: '{v=\"$version\"}', count: '{v=\"$version\"}'},"
                        + " max: 1, maxDifference: 0}]}",
                "analysis: {checks: [{name: e, preset: vllm/errors}]},"
                        + " ramp: {mode: Adaptive, every: 5m, step: 99, by: e, threshold: -100%}"
            })
    void a_bound_may_be_reached(String fields) {
        var intent = read("{%s, %s}".formatted(CHAT, fields));

        assertThat(intent.trouble()).isNull();
        assertThat(intent.plan()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"min: 0", "minDifference: 0", "maxDifference: 0", "failures: 2", "better: Lower"})
    void a_share_of_bad_events_is_limited_from_above_alone(String field) {
        assertThat(refusal("analysis: {checks: [{name: e, max: 1%%, %s,".formatted(field)
                        + " counts: {bad: 'b{v=\"$version\"}', total: 't{v=\"$version\"}'}}]}"))
                .contains("a share of bad events is limited by max");
    }

    @Test
    void of_several_checks_that_cannot_be_read_the_gravest_is_told_of() {
        var unknown = "{name: e, preset: nobody/knows, max: 1%}";
        var misspelt = "{name: f, query: '{v=\"$versoin\"}', max: 1}";

        assertThat(read("{%s, analysis: {checks: [%s, %s]}}".formatted(CHAT, unknown, misspelt))
                        .trouble())
                .isNotNull()
                .returns(Reason.INVALID_SPEC, Trouble::reason);
        assertThat(read("{%s, analysis: {checks: [%s]}}".formatted(CHAT, unknown)))
                .satisfies(intent -> assertThat(
                                Objects.requireNonNull(intent.plan()).analysis().checks())
                        .isEmpty())
                .extracting(PlanReader.Intent::trouble)
                .isNotNull()
                .returns(Reason.UNKNOWN_PRESET, Trouble::reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            route: {name: chat, kind: VirtualService}  | known: gateway.networking.k8s.io/HTTPRoute
            target: v3                                 | spec.target v3 is none of spec.versions
            versions: []                               | spec.versions is empty
            versions: [{name: v2, deployment: a}, {name: v1, deployment: a}] | two versions name Deployment a
            steps: [{weight: 5, hold: 0s}, {weight: 5, hold: 0s}] | weights must rise
            steps: [{weight: 5, hold: soon}]           | spec.steps.hold: "soon" is no duration
            maxBlind: soon                             | spec.maxBlind: "soon" is no duration
            deadline: soon                             | spec.deadline: "soon" is no duration
            health: {grace: soon}                      | spec.health.grace: "soon" is no duration
            health: {deadline: soon}                   | spec.health.deadline: "soon" is no duration
            analysis: {warmup: soon}                   | spec.analysis.warmup: "soon" is no duration
            analysis: {interval: soon}                 | spec.analysis.interval: "soon" is no duration
            steps: [{weight: 5, hold: 99d}]            | longer than 30d
            maxWeight: 101                             | spec.maxWeight is 101; it must be from 0 to 100
            maxWeight: -1                              | spec.maxWeight is -1
            attempt: 0                                 | spec.attempt is 0
            route: {name: chat, group: other.io}       | spec.route is a other.io/HTTPRoute
            versions: [{name: v2, deployment: a}, {name: v2, deployment: b}] | version v2 is listed twice
            versions: [{name: v2, deployment: a}, {name: v1, deployment: b, backend: {name: a}}] | two versions have backend a
            steps: [{weight: 0, hold: 0s}]             | spec.steps[0].weight is 0; it must be from 1 to 99
            steps: [{weight: 100, hold: 0s}]           | spec.steps[0].weight is 100
            steps: [{weight: 5, hold: 30d1s}]          | longer than 30d
            health: {minReady: 101%}                   | spec.health.minReady is 101
            analysis: {interval: 0s}                   | spec.analysis.interval must be from 1s to 5m
            analysis: {interval: 5m1s}                 | spec.analysis.interval must be from 1s to 5m
            analysis: {checks: [{name: e, query: 'q{v="$version"}', max: 1}, {name: e, query: 'r{v="$version"}', max: 1}]} | two checks have the same name
            analysis: {checks: [{name: e, max: 1}]}    | set exactly one of query, counts, latency, score, preset
            analysis: {checks: [{name: e, preset: vllm/errors, query: 'q{v="$version"}', max: 1}]} | set exactly one of query
            analysis: {checks: [{name: e, preset: vllm/errors, slowerThan: 1s}]} | vllm/errors measures no durations
            analysis: {checks: [{name: e, preset: vllm/ttft}]} | set slowerThan to a bucket bound
            analysis: {checks: [{name: e, preset: vllm/errors, max: 101%}]} | max is 101%; it is a share of all events
            analysis: {checks: [{name: e, preset: vllm/errors, max: -1%}]} | max is -1%; it is a share of all events
            analysis: {checks: [{name: e, preset: vllm/errors, betterThanStable: 100%}]} | betterThanStable must be below 100%
            analysis: {checks: [{name: e, counts: {bad: 'b{v="$version"}', total: 't{v="$version"}'}}]} | it has no limit
            analysis: {checks: [{name: e, query: 'q{v="$version"}', max: 1, failures: 0}]} | failures is 0; it must be from 1 to 10
            analysis: {checks: [{name: e, query: 'q{v="$version"}', max: 1, failures: 11}]} | failures is 11
            analysis: {checks: [{name: e, query: 'q{v="$version"}', minDifference: 3, maxDifference: 2}]} | minDifference 3 is above maxDifference 2
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, min: 0.8, failures: 2}]} | failures belongs to query
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, max: 8}]} | max is 8; a score is 0 to 1
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, maxDifference: -2%}]} | maxDifference is -2%; it says how much worse
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, minDifference: -101%}]} | minDifference is -101%
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: 'rate({v="$version"}[1m])'}, min: 0.8}]} | score.count uses rate()
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}', squares: 'rate({v="$version"}[1m])'}, min: 0.8}]} | score.squares uses rate()
            health: {minReady: many}                   | write a decimal (0.02) or a percentage (2%)
            analysis: {interval: 10m}                  | spec.analysis.interval must be from 1s to 5m
            analysis: {checks: [{name: e, query: up, max: "1"}]} | the same for two versions
            analysis: {checks: [{name: e, query: 'up{v="$versoin"}', max: "1"}]} | unknown variable $versoin
            analysis: {checks: [{name: e, query: 'up{v="$version"}'}]} | it has no limit
            analysis: {checks: [{name: e, query: 'up{v="$version"}', failures: 2, worseThanStable: 5%}]} | failures counts readings beyond max
            analysis: {checks: [{name: e, query: 'up{v="$version"}', max: 5%, better: Higher}]} | better belongs to worseThanStable
            analysis: {checks: [{name: e, preset: vllm/queue, max: "9", better: Lower}]} | vllm/queue knows which way is better
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, min: 0.8, max: 0.9}]} | a score is better Higher
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, min: 8}]} | min is 8; a score is 0 to 1
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}, minDifference: 2%}]} | minDifference is 2%; it says how much worse
            analysis: {checks: [{name: e, score: {sum: '{v="$version"}', count: '{v="$version"}'}}]} | it has no limit
            analysis: {checks: [{name: e, score: {sum: 'rate({v="$version"}[1m])', count: '{v="$version"}'}, min: 0.8}]} | score.sum uses rate()
            analysis: {checks: [{name: e, query: 'up{v="$version"}', min: 3%, max: 2%}]} | min 3% is above max 2%
            analysis: {checks: [{name: e, counts: {bad: 'rate(b{v="$version"}[1m])', total: '{v="$version"}'}, max: 2%}]} | counts.bad uses rate()
            analysis: {checks: [{name: e, counts: {bad: 'b{v="$version"}', total: 'rate({v="$version"}[1m])'}, max: 2%}]} | counts.total uses rate()
            analysis: {checks: [{name: e, latency: {buckets: 'rate({v="$version"}[1m])'}, slowerThan: 1s, max: 2%}]} | latency.buckets uses rate()
            """)
    void what_makes_no_sense_is_refused_and_says_what_to_write(String field, String said) {
        ObjectNode spec = YAML.unmarshal("---\n{" + CHAT + "}", ObjectNode.class);
        spec.setAll(YAML.unmarshal(field, ObjectNode.class));
        var trouble = read(spec.toString()).trouble();

        assertThat(trouble).isNotNull();
        assertThat(trouble.reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(trouble.message()).contains(said);
    }

    @Test
    void beside_a_check_that_cannot_be_read_the_others_keep_guarding() {
        var intent = read("""
                {%s, analysis: {checks: [{name: e, query: '{v="$versoin"}', max: 1%%},
                                         {name: f, query: '{v="$version"}', max: 1%%}]}}
                """.formatted(CHAT));

        assertThat(intent.trouble()).isNotNull().returns(Reason.INVALID_SPEC, Trouble::reason);
        assertThat(intent.plan()).isNotNull();
        assertThat(intent.plan().analysis().checks())
                .extracting(NamedCheck::name)
                .containsExactly("f");
    }

    @Test
    void what_no_type_can_hold_is_unreadable_and_names_the_field() {
        var trouble = read("{%s, maxWeight: much}".formatted(CHAT)).trouble();

        assertThat(trouble).isNotNull();
        assertThat(trouble.reason()).isEqualTo(Reason.UNREADABLE);
        assertThat(trouble.message()).contains("spec.maxWeight");
    }

    @Test
    void without_a_spec_it_is_unreadable() {
        var none = rollout("~");
        none.setSpec(null);

        assertThat(read(none).trouble())
                .isNotNull()
                .returns(Reason.UNREADABLE, Trouble::reason)
                .satisfies(trouble -> assertThat(trouble.message()).startsWith("spec cannot be read"));
    }

    @Test
    void a_copy_of_what_is_unreadable_is_unreadable() {
        var copy = YAML.clone(rollout("{%s, maxWeight: much}".formatted(CHAT)));

        assertThat(read(copy).trouble())
                .isNotNull()
                .returns(Reason.UNREADABLE, Trouble::reason)
                .satisfies(trouble -> assertThat(trouble.message()).contains("spec.maxWeight"));
    }

    private static String refusal(String more) {
        return Objects.requireNonNull(read("{%s, %s}".formatted(CHAT, more)).trouble())
                .message();
    }

    private static Climb climb(String more) {
        return plan("{%s, %s}".formatted(CHAT, more)).climb();
    }

    private static String identity(String spec) {
        return plan(spec).analysis().checks().get(0).identity();
    }

    static RolloutPlan plan(String spec) {
        return Objects.requireNonNull(read(spec).plan());
    }

    private static PlanReader.Intent read(String spec) {
        return read(rollout(spec));
    }

    private static ModelRollout rollout(String spec) {
        return YAML.unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: chat, namespace: serving, generation: 1}
                spec: %s
                """.formatted(spec), ModelRollout.class);
    }

    private static PlanReader.Intent read(ModelRollout rollout) {
        try (var client = new KubernetesClientBuilder().build()) {
            return new PlanReader(List.of(new HttpRouteRouter(client, new NoRoutes())), Presets.load()).read(rollout);
        }
    }

    private static final class NoRoutes implements dev.modelrollout.traffic.gatewayapi.RouteCache {

        @Override
        public Optional<GenericKubernetesResource> get(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public void saw(GenericKubernetesResource route) {}
    }
}
