package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.Analysis;
import dev.modelrollout.api.v1alpha1.Check;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutSpec;
import dev.modelrollout.api.v1alpha1.Ramp;
import dev.modelrollout.api.v1alpha1.Reaction;
import dev.modelrollout.api.v1alpha1.Route;
import dev.modelrollout.api.v1alpha1.Version;
import dev.modelrollout.metrics.presets.Measure;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.rollout.AdaptiveClimb;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.NamedCheck;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RiskClimb;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.TrafficRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Wire to plan; the only place that knows nulls and defaults. What admission has refused already is refused again here:
 * an object may have been stored under an older schema.
 */
final class PlanReader {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final List<Step> DEFAULT_STEPS = List.of(
            new Step(1, Duration.ofMinutes(5)),
            new Step(10, Duration.ofMinutes(10)),
            new Step(50, Duration.ofMinutes(10)));

    private static final double DEFAULT_RISK = 0.01;

    private final List<TrafficRouter> routers;
    private final Presets presets;

    PlanReader(List<TrafficRouter> routers, Presets presets) {
        this.routers = List.copyOf(routers);
        this.presets = presets;
    }

    /**
     * What the user wants, or why it cannot be told. Both are there when some checks cannot be read: the plan has the
     * others, so that the ways down stay guarded while nothing rises.
     */
    record Intent(@Nullable RolloutPlan plan, @Nullable Trouble trouble) {}

    Intent read(ModelRollout rollout) {
        var spec = rollout.getSpec();
        if (spec == null || spec.unreadable() != null) {
            var field = spec == null ? "spec" : spec.unreadable();
            return new Intent(
                    null,
                    new Trouble(
                            Reason.UNREADABLE,
                            field + " cannot be read: it is missing or of another type than the schema says. Write it"
                                    + " again as kubectl explain shows it."));
        }
        try {
            var violations = new ArrayList<Trouble>();
            var plan = plan(rollout, spec, violations);
            return new Intent(
                    plan,
                    violations.stream()
                            .min(Comparator.comparing(Trouble::reason))
                            .orElse(null));
        } catch (IllegalArgumentException e) {
            return new Intent(null, new Trouble(Reason.INVALID_SPEC, String.valueOf(e.getMessage())));
        }
    }

    /**
     * To leave a route, or to keep others off it, who is behind it is enough: a plan without checks, where the whole spec
     * cannot be told.
     */
    Intent readToLeave(ModelRollout rollout) {
        var intent = read(rollout);
        var spec = rollout.getSpec();
        if (intent.plan() != null
                || spec == null
                || spec.unreadable() != null
                || spec.versions().isEmpty()) {
            return intent;
        }
        var bare = ModelRolloutSpec.bare(
                spec.route(), spec.versions(), spec.versions().get(0).name());
        try {
            return new Intent(plan(rollout, bare, new ArrayList<>()), intent.trouble());
        } catch (IllegalArgumentException e) {
            return intent;
        }
    }

    private RolloutPlan plan(ModelRollout rollout, ModelRolloutSpec spec, List<Trouble> violations) {
        var namespace = rollout.getMetadata().getNamespace();
        var versions = spec.versions().stream().map(PlanReader::version).toList();
        require(!versions.isEmpty(), "spec.versions is empty: list the versions behind the route");
        require(
                versions.stream().anyMatch(version -> version.name().equals(spec.target())),
                "spec.target " + spec.target() + " is none of spec.versions: add it, or name one of them");
        requireDistinct(versions);
        var health = spec.health();
        return new RolloutPlan(
                rollout.getMetadata().getGeneration(),
                namespace,
                route(namespace, spec.route()),
                versions,
                spec.target(),
                inRange("spec.maxWeight", orElse(spec.maxWeight(), 100), 0, 100),
                inRange("spec.attempt", orElse(spec.attempt(), 1), 1, Integer.MAX_VALUE),
                climb(spec, violations),
                percent("spec.health.minReady", health == null ? null : health.minReady(), 100),
                duration("spec.health.grace", health == null ? null : health.grace(), Duration.ofMinutes(5)),
                duration("spec.health.deadline", health == null ? null : health.deadline(), Duration.ofMinutes(30)),
                analysis(spec.analysis(), versions, violations),
                spec.onFailure() == Reaction.HOLD,
                spec.onBlind() == Reaction.ROLLBACK,
                duration("spec.maxBlind", spec.maxBlind(), Duration.ofMinutes(10)),
                spec.deadline() == null ? null : duration("spec.deadline", spec.deadline(), Duration.ZERO),
                spec.onDeadline() == Reaction.ROLLBACK,
                orElse(spec.paused(), false));
    }

    static ModelVersion version(Version version) {
        var backend = version.backend();
        return new ModelVersion(
                version.name(),
                version.deployment(),
                Backend.service(backend == null ? version.deployment() : backend.name()));
    }

    private static void requireDistinct(List<ModelVersion> versions) {
        var seen = new HashSet<String>();
        for (var version : versions) {
            require(seen.add("version " + version.name()), "version " + version.name() + " is listed twice");
            require(
                    seen.add("deployment " + version.deployment()),
                    "two versions name Deployment " + version.deployment() + ": give each version one of its own");
            require(
                    seen.add("backend " + version.backend().name()),
                    "two versions have backend " + version.backend().name() + ": give each version one of its own");
        }
    }

    private RouteRef route(String namespace, Route route) {
        var ref = new RouteRef(
                orElse(route.group(), "gateway.networking.k8s.io"),
                orElse(route.kind(), "HTTPRoute"),
                namespace,
                route.name(),
                route.rule());
        require(
                routers.stream().anyMatch(router -> router.handles(ref)),
                "spec.route is a " + ref.group() + "/" + ref.kind() + "; known: "
                        + routers.stream().map(TrafficRouter::kind).collect(Collectors.joining(", "))
                        + ". Set spec.route.group and spec.route.kind to one of them");
        return ref;
    }

    private Climb climb(ModelRolloutSpec spec, List<Trouble> violations) {
        var steps = spec.steps();
        var ramp = spec.ramp();
        require(steps == null || ramp == null, "spec.steps and spec.ramp exclude each other: keep one of them");
        if (steps != null) {
            return ladder(steps);
        }
        if (ramp != null && ramp.mode() == Ramp.Mode.ADAPTIVE) {
            return adaptive(ramp, checks(spec.analysis()));
        }
        if (ramp == null && !boundsRisk(spec.analysis())) {
            return new Ladder(DEFAULT_STEPS);
        }
        if (!boundsRisk(spec.analysis())) {
            violations.add(new Trouble(
                    Reason.INVALID_SPEC,
                    "spec.ramp.mode Risk needs a check that counts what fails: add one with counts, or a preset of"
                            + " errors, to spec.analysis.checks, or write steps instead"));
        }
        return new RiskClimb(risk(ramp), interval(spec.analysis()));
    }

    private AdaptiveClimb adaptive(Ramp ramp, List<Check> checks) {
        var every = ramp.every();
        var step = ramp.step();
        var by = ramp.by();
        var threshold = ramp.threshold();
        if (every == null || step == null || by == null || threshold == null || ramp.risk() != null) {
            throw new IllegalArgumentException(
                    "spec.ramp.mode Adaptive needs every, step, by and threshold, and has no risk; write for example"
                            + " every: 5m, step: 5, by: errors, threshold: -0.2%");
        }
        var followed = checks.stream().filter(check -> check.name().equals(by)).findFirst();
        require(followed.isPresent(), "spec.ramp.by " + by + " is none of spec.analysis.checks: name one of them");
        var lead = number("spec.ramp.threshold", threshold);
        require(
                Math.abs(lead) <= 1 || isNumber(followed.get()),
                "spec.ramp.threshold is " + threshold + "; check " + by + " compares shares or scores: it must be from"
                        + " -100% to 100%");
        return new AdaptiveClimb(
                by, duration("spec.ramp.every", every, Duration.ZERO), inRange("spec.ramp.step", step, 1, 99), lead);
    }

    private static double risk(@Nullable Ramp ramp) {
        if (ramp == null) {
            return DEFAULT_RISK;
        }
        require(
                ramp.every() == null && ramp.step() == null && ramp.by() == null && ramp.threshold() == null,
                "spec.ramp: every, step, by and threshold belong to mode Adaptive: take them away, or write"
                        + " mode: Adaptive");
        if (ramp.risk() == null) {
            return DEFAULT_RISK;
        }
        var risk = number("spec.ramp.risk", ramp.risk());
        require(risk > 0 && risk <= 1, "spec.ramp.risk is " + ramp.risk() + "; it must be above 0 and at most 100%");
        return risk;
    }

    /** Also when a check cannot be read: a slip of the pen in mid-rollout does not change the way. */
    private boolean boundsRisk(@Nullable Analysis analysis) {
        return checks(analysis).stream()
                .anyMatch(check -> check.counts() != null
                        || (check.preset() != null
                                && presets.find(check.preset())
                                        .map(preset -> preset.measure() instanceof Measure.Counts)
                                        .orElse(true)));
    }

    /** Whether what it measures may have any unit. */
    private boolean isNumber(Check check) {
        return check.query() != null
                || (check.preset() != null
                        && presets.find(check.preset())
                                .map(preset -> preset.measure() instanceof Measure.Gauge)
                                .orElse(true));
    }

    private static List<Check> checks(@Nullable Analysis analysis) {
        return analysis == null || analysis.checks() == null ? List.of() : analysis.checks();
    }

    private static Ladder ladder(List<dev.modelrollout.api.v1alpha1.Step> steps) {
        var before = 0;
        for (var i = 0; i < steps.size(); i++) {
            var weight = inRange("spec.steps[" + i + "].weight", steps.get(i).weight(), 1, 99);
            require(
                    weight > before,
                    "spec.steps[" + i + "].weight is " + weight + " but the step before has " + before
                            + ": weights must rise");
            before = weight;
        }
        return new Ladder(steps.stream()
                .map(step -> new Step(step.weight(), duration("spec.steps.hold", step.hold(), Duration.ZERO)))
                .toList());
    }

    private RolloutPlan.Analysis analysis(
            @Nullable Analysis analysis, List<ModelVersion> versions, List<Trouble> violations) {
        var checks = checks(analysis);
        var provider = orElse(analysis == null ? null : analysis.provider(), "default");
        var interval = interval(analysis);
        var warmup =
                duration("spec.analysis.warmup", analysis == null ? null : analysis.warmup(), Duration.ofMinutes(1));
        require(
                checks.stream().map(Check::name).distinct().count() == checks.size(),
                "two checks have the same name: give each a name of its own");
        return new RolloutPlan.Analysis(
                provider,
                interval,
                warmup,
                checks.stream()
                        .flatMap(check -> readable(check, provider + " " + interval, versions, violations).stream())
                        .toList());
    }

    private static Duration interval(@Nullable Analysis analysis) {
        var interval = duration(
                "spec.analysis.interval", analysis == null ? null : analysis.interval(), Duration.ofSeconds(15));
        require(
                interval.compareTo(Duration.ofSeconds(1)) >= 0 && interval.compareTo(Duration.ofMinutes(5)) <= 0,
                "spec.analysis.interval must be from 1s to 5m");
        return interval;
    }

    private Optional<NamedCheck> readable(
            Check check, String source, List<ModelVersion> versions, List<Trouble> violations) {
        var preset = Optional.ofNullable(check.preset()).flatMap(presets::find);
        if (check.preset() != null && preset.isEmpty()) {
            violations.add(new Trouble(
                    Reason.UNKNOWN_PRESET,
                    "check " + check.name() + ": preset \"" + check.preset() + "\" is not known; known: "
                            + String.join(", ", presets.ids()) + ". Set preset to one of them, or copy a query into"
                            + " counts."));
            return Optional.empty();
        }
        try {
            return Optional.of(new CheckReader(check, preset.orElse(null), versions, source).read());
        } catch (IllegalArgumentException e) {
            violations.add(new Trouble(Reason.INVALID_SPEC, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    static double number(String field, String text) {
        try {
            return text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    field + ": \"" + text + "\" is no number; write a decimal (0.02) or a percentage (2%)", e);
        }
    }

    private static int percent(String field, @Nullable String text, int otherwise) {
        return text == null ? otherwise : inRange(field, (int) Math.round(number(field, text) * 100), 0, 100);
    }

    private static Duration duration(String field, @Nullable String text, Duration otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            var duration = Durations.parse(text);
            require(duration.compareTo(LONGEST) <= 0, text + " is longer than 30d");
            return duration;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    static int inRange(String field, int value, int least, int most) {
        require(value >= least && value <= most, field + " is " + value + "; it must be from " + least + " to " + most);
        return value;
    }

    static <T> T orElse(@Nullable T value, T otherwise) {
        return Optional.ofNullable(value).orElse(otherwise);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
