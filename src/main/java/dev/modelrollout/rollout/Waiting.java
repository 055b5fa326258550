package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Forecast;
import dev.modelrollout.rollout.Decision.Sight;
import dev.modelrollout.rollout.Ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rollout is due, the candidate has no traffic.
 *
 * @param since when this waiting began
 */
public record Waiting(Ledger ledger, Candidate candidate, Instant since) implements Known {

    /** A rollout that no candidate could end well within this time is not begun. */
    private static final Duration TOO_LONG = Duration.ofDays(30);

    private static final String TELL_APART =
            "Both versions have the same counters: put $version, $deployment, $service,"
                    + " $pods or $clusters into the matcher that tells them apart";

    @Override
    public Decision decide(Round round) {
        if (round.plan().target().equals(ledger.live())) {
            return Transitions.abort(round, this, candidate);
        }
        if (!round.wants(candidate)) {
            return cutShort(round).orElseGet(() -> Guards.begin(round, this, candidate.version()));
        }
        return Guards.first(
                        List.of(
                                () -> cutShort(round),
                                () -> Guards.contested(round, this),
                                () -> Guards.putBack(round, this, candidate.version()),
                                () -> Guards.troubled(round, this),
                                () -> stableUnreachable(round),
                                () -> Guards.drifting(round, this),
                                () -> unready(round),
                                () -> Guards.unprogrammed(round, this),
                                () -> paused(round),
                                () -> atCeiling(round),
                                () -> blind(round),
                                () -> starved(round)),
                        () -> rise(round))
                .seeing(sight(round))
                .asking(Measurements.NONE.wanted(round, candidate.version(), ledger.live()));
    }

    /** Our own first rise, written before a crash: back until it is due again. */
    private Optional<Decision> cutShort(Round round) {
        return round.world().isReachable(ledger.live())
                ? round.cutShort(ledger.live(), candidate, Rung.GROUND).map(weight -> Transitions.undo(round, this))
                : Optional.empty();
    }

    private Optional<Decision> stableUnreachable(Round round) {
        return round.world().isReachable(ledger.live())
                ? Optional.empty()
                : Optional.of(Decision.stay(
                        this,
                        Reason.STABLE_UNAVAILABLE,
                        "Stable " + ledger.live() + " has no ready endpoint: it goes on when it has one."));
    }

    private Optional<Decision> unready(Round round) {
        var plan = round.plan();
        var seen = round.world().workload(candidate.version());
        if (seen.map(workload -> workload.hasReady(plan.minReady(), workload.replicas()))
                .orElse(false)) {
            return Optional.empty();
        }
        var deadline = since.plus(plan.readyDeadline());
        var overdue = !round.now().isBefore(deadline);
        var reason = candidate.losses() > 0 ? Reason.CANDIDATE_LOST : Reason.CANDIDATE_NOT_READY;
        var message = "Waiting since " + since + " for " + plan.minReady() + "% of the pods of Deployment "
                + plan.version(candidate.version()).deployment() + " to be ready: "
                + seen.map(Waiting::counts).orElse("there is no Deployment")
                + (overdue ? "; longer than health.deadline." : ".");
        var decision = Decision.stay(this, reason, message);
        return Optional.of(overdue ? decision.standing(Reason.Standing.STALLED) : decision.wakingAt(deadline));
    }

    private static String counts(Workload workload) {
        return workload.ready() + " of " + workload.replicas() + " are"
                + (workload.reachable() ? "" : ", and its backend has no ready endpoint");
    }

    private Optional<Decision> paused(Round round) {
        return round.plan().paused()
                ? Optional.of(Decision.stay(
                        this, Reason.PAUSED, candidate.version() + " is prepared: set spec.paused to false to go on."))
                : Optional.empty();
    }

    private Optional<Decision> atCeiling(Round round) {
        return round.plan().maxWeight() == 0
                ? Optional.of(Decision.stay(
                        this,
                        Reason.AT_MAX_WEIGHT,
                        candidate.version() + " is prepared: raise spec.maxWeight above 0 to give it traffic."))
                : Optional.empty();
    }

    /** Before the first weight every check has answered once; a candidate without traffic may answer nothing yet. */
    private Optional<Decision> blind(Round round) {
        return looks(round).stream()
                .filter(look -> !look.answered() || look.unfit() != null)
                .findFirst()
                .map(look -> blind(round, look));
    }

    private Decision blind(Round round, Look look) {
        var check = look.check().name();
        return look.unfit() == null
                ? Decision.stay(this, Reason.PROGRESSING, "Asking check " + check + " before the first weight.")
                : Decision.stay(
                        this,
                        Reason.BLIND,
                        "Check " + check + ": no answer for " + look.version() + " ("
                                + look.unfit().text()
                                + ", provider " + round.plan().analysis().provider()
                                + ")." + (look.remedy() == null ? "" : " " + look.remedy() + ".")
                                + " The first weight waits until answers return; Waiting since " + since + ".");
    }

    private @Nullable Sight sight(Round round) {
        var looks = looks(round);
        if (looks.isEmpty()) {
            return Sight.NOT_ASKED;
        }
        var unfit = looks.stream().map(Look::unfit).filter(Objects::nonNull).findFirst();
        if (unfit.isPresent()) {
            return new Sight(true, unfit.get());
        }
        return looks.stream().allMatch(Look::answered) ? Sight.ANSWERED : null;
    }

    /**
     * What a check says about a version.
     *
     * @param answered whether it has since this waiting began
     * @param unfit why no rise can rest on that; null when one can, or there is no answer
     * @param remedy what to write, for people; null when the reason says it all
     */
    private record Look(
            NamedCheck check,
            String version,
            boolean answered,
            @Nullable Blindness unfit,
            @Nullable String remedy) {}

    /** The candidate's and stable's, check by check in the order of the plan. */
    private List<Look> looks(Round round) {
        return round.plan().analysis().checks().stream()
                .flatMap(check -> looks(round, check))
                .toList();
    }

    private Stream<Look> looks(Round round, NamedCheck check) {
        var candidates = newest(round, check, candidate.version());
        var stables = newest(round, check, ledger.live());
        return candidates
                        .filter(its -> stables.filter(others -> !check.tellsApart(its, others))
                                .isPresent())
                        .isPresent()
                ? Stream.of(new Look(check, candidate.version(), true, Blindness.INDISTINGUISHABLE, TELL_APART))
                : Stream.of(
                        look(round, check, candidate.version(), candidates),
                        look(round, check, ledger.live(), stables));
    }

    /** Answered since this waiting began. */
    private Optional<List<Answer>> newest(Round round, NamedCheck check, String version) {
        var settles = check.form().settles(round.plan().analysis().interval());
        return round.newest(check, version)
                .filter(newest -> newest.getKey().plus(settles).isAfter(since))
                .map(Map.Entry::getValue);
    }

    private Look look(Round round, NamedCheck check, String version, Optional<List<Answer>> newest) {
        return newest.map(answers -> new Look(
                        check,
                        version,
                        true,
                        check.unfit(
                                        answers,
                                        version.equals(candidate.version()),
                                        round.world().readyPods(version))
                                .orElse(null),
                        check.remedy(answers).orElse(null)))
                .orElseGet(() -> new Look(check, version, false, null, null));
    }

    /**
     * Where even a faultless candidate could not be proven safe, users would meet the candidate for nothing. Nothing is
     * supposed about the candidate: one that is better than stable needs less than one that is as good. Nor is anything
     * known of a service without requests.
     */
    private Optional<Decision> starved(Round round) {
        return forecasts(round).entrySet().stream()
                .filter(forecast -> forecast.getValue().hasTraffic())
                .filter(forecast -> forecast.getValue()
                        .faultless()
                        .timeToSafe()
                        .filter(time -> time.compareTo(TOO_LONG) <= 0)
                        .isEmpty())
                .findFirst()
                .map(forecast -> Decision.stay(
                        this,
                        Reason.BLIND,
                        "Check " + forecast.getKey() + ": with " + ledger.live()
                                + "'s traffic of late, not even a candidate without a bad event would be proven safe in "
                                + Numbers.text(TOO_LONG) + " at " + top(round.plan())
                                + " %: it needs more traffic, a higher step or a wider limit. The first weight waits"
                                + " until it has; Waiting since " + since + "."));
    }

    private Decision rise(Round round) {
        var rung = round.plan().climb().first(round.plan().maxWeight());
        var answered = round.plan().analysis().checks().isEmpty() ? "pods are ready" : "pods are ready, checks answer";
        var evidence = outlook(round.plan(), round.world())
                .map(outlook -> answered + "; " + outlook)
                .orElse(answered);
        return Progressing.raise(round, ledger, candidate, rung, Measurements.NONE, evidence);
    }

    /** How long the evidence will take, for people; empty when stable's past does not tell. */
    public Optional<String> outlook(RolloutPlan plan, World world) {
        var top = top(plan);
        var times = new LinkedHashMap<String, Optional<Duration>>();
        forecasts(new Round(plan, world, since)).forEach((check, forecast) -> times.put(check, forecast.timeToSafe()));
        var never = times.entrySet().stream()
                .filter(time -> time.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst();
        return never.map(check -> "at " + top + " % check " + check + " would never be safe, even if "
                        + candidate.version() + " is as good as " + ledger.live()
                        + ": it needs more traffic or a wider limit")
                .or(() -> times.values().stream()
                        .flatMap(Optional::stream)
                        .max(Comparator.naturalOrder())
                        .map(longest -> "about " + Numbers.text(longest) + " at " + top
                                + " % until every check is safe, if " + candidate.version() + " is as good as "
                                + ledger.live()));
    }

    /** By check, at the highest weight that is measured; those of which stable's past tells nothing are left out. */
    private Map<String, Forecast> forecasts(Round round) {
        var plan = round.plan();
        var forecasts = new LinkedHashMap<String, Forecast>();
        for (var check : plan.analysis().checks()) {
            check.forecast(
                            round.history(check, ledger.live()),
                            top(plan) / 100.0,
                            plan.analysis().interval())
                    .ifPresent(forecast -> forecasts.put(check.name(), forecast));
        }
        return forecasts;
    }

    /** The highest weight that is measured, in percent. */
    private static int top(RolloutPlan plan) {
        return plan.climb().top(plan.maxWeight() == 0 ? 100 : plan.maxWeight());
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.waiting(this);
    }

    @Override
    public TrafficSplit split() {
        return new TrafficSplit(ledger.live(), candidate.version(), 0);
    }

    @Override
    public Waiting with(Ledger changed) {
        return new Waiting(changed, candidate, since);
    }
}
