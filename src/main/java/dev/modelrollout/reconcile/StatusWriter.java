package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.FailedRevision;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Halt;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.HistoryEntry;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Weight;
import dev.modelrollout.rollout.Candidate;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Halted;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Live;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Numbers;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.RolledBack;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Tombstone;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.rollout.Unseen;
import dev.modelrollout.rollout.Waiting;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * State to status: every state in its own way.
 *
 * <p>{@code outlook} is what can be said of a rollout before its first weight; null when nothing can.
 */
final class StatusWriter implements RolloutState.Cases<ModelRolloutStatus> {

    private static final int MESSAGE_LIMIT = 1024;

    private final RolloutPlan plan;
    private final @Nullable String outlook;
    private final Instant now;
    private final List<Condition> conditions;

    StatusWriter(RolloutPlan plan, @Nullable String outlook, Instant now, List<Condition> conditions) {
        this.plan = plan;
        this.outlook = outlook;
        this.now = now;
        this.conditions = conditions;
    }

    @Override
    public ModelRolloutStatus unseen(Unseen state) {
        return new ModelRolloutStatus(
                plan.generation(), null, null, null, null, null, null, null, null, conditions, null);
    }

    @Override
    public ModelRolloutStatus live(Live state) {
        return status("Live", state, null, null, null);
    }

    @Override
    public ModelRolloutStatus waiting(Waiting state) {
        return status(
                "Waiting", state, rollout(state.candidate(), Rung.GROUND, state.since(), outlook, null), null, null);
    }

    @Override
    public ModelRolloutStatus progressing(Progressing state) {
        var findings = state.measurements().findings(plan).all();
        return status(
                "Progressing",
                state,
                climbing(state, findings),
                null,
                findings.stream().map(StatusWriter::check).toList());
    }

    @Override
    public ModelRolloutStatus rolledBack(RolledBack state) {
        return status(
                "RolledBack",
                state,
                rollout(state.candidate(), Rung.GROUND, state.tombstone().at(), null, null),
                null,
                null);
    }

    @Override
    public ModelRolloutStatus halted(Halted state) {
        var inner = state.at().fold(this);
        var halt = new Halt(
                state.cause().text(),
                state.message(),
                state.generation(),
                state.since().toString(),
                text(state.settledSince()));
        return status("Halted", state, inner.rollout(), halt, inner.checks());
    }

    private ModelRolloutStatus status(
            String phase,
            Known state,
            @Nullable Rollout rollout,
            @Nullable Halt halt,
            @Nullable List<CheckStatus> checks) {
        var split = state.split();
        return new ModelRolloutStatus(
                plan.generation(),
                phase,
                state.ledger().live(),
                weights(split),
                split.weightOf(plan.target()),
                rollout,
                halt,
                state.ledger().tombstones().isEmpty() ? null : failed(state.ledger()),
                checks,
                conditions,
                history(state.ledger()));
    }

    private List<Weight> weights(TrafficSplit split) {
        return Stream.of(split.stable(), split.candidate())
                .distinct()
                .map(version -> new Weight(version, split.weightOf(version)))
                .toList();
    }

    private Rollout climbing(Progressing state, List<Finding> findings) {
        return rollout(
                state.candidate(),
                state.rung(),
                state.since(),
                state.outlook(plan, findings).orElse(null),
                state);
    }

    private Rollout rollout(
            Candidate candidate, Rung rung, Instant since, @Nullable String estimate, @Nullable Progressing climbing) {
        var steps = plan.climb().size();
        var patience = climbing == null ? null : climbing.patience();
        return new Rollout(
                candidate.version(),
                candidate.revision().id(),
                candidate.attempt(),
                candidate.startedAt().toString(),
                text(candidate.deadlineFrom()),
                rung.number(),
                rung.number() == 0 ? null : rung.step(),
                steps,
                rung.number() + "/" + steps,
                climbing == null ? null : climbing.replicas(),
                since.toString(),
                climbing == null ? null : climbing.holdUntil(plan, now).toString(),
                estimate,
                patience == null ? null : text(patience.blindSince()),
                patience == null || patience.blindFor().isZero()
                        ? null
                        : patience.blindFor().toSeconds(),
                patience == null ? null : text(patience.unreadySince()),
                candidate.losses(),
                climbing == null ? null : climbing.stableTemplate());
    }

    private static CheckStatus check(Finding finding) {
        return finding.measured().fold(evidence -> ofQuery(finding, evidence), evidence -> ofCounts(finding, evidence));
    }

    private static CheckStatus ofQuery(Finding finding, GaugeEvidence evidence) {
        var readings = evidence.readings();
        var compares = !evidence.signs().stakes().isEmpty();
        return new CheckStatus(
                finding.check().name(),
                finding.verdict().text(),
                readings.blind() == null ? null : readings.blind().text(),
                finding.check().candidate(finding.measured()).orElse(null),
                finding.check().stable(finding.measured()).orElse(null),
                null,
                compares ? Numbers.percent(finding.harm()) : null,
                compares ? Numbers.percent(finding.check().safety(finding.measured())) : null,
                compares && readings.beyond() == 0 ? message(finding.verdict()) : message(finding.verdict(), readings),
                readings.last().toString(),
                new CheckEvidence(
                        finding.measured().check(),
                        readings.beyond(),
                        readings.shared(),
                        readings.within(),
                        evidence.signs().equals(SignEvidence.NONE) ? null : WindowsText.write(evidence.signs())));
    }

    private static CheckStatus ofCounts(Finding finding, SequentialEvidence evidence) {
        var ratio = evidence.experience().ratio();
        return new CheckStatus(
                finding.check().name(),
                finding.verdict().text(),
                evidence.blind() == null ? null : evidence.blind().text(),
                finding.check().candidate(finding.measured()).orElse(null),
                finding.check().stable(finding.measured()).orElse(null),
                finding.measured().hasAny() && finding.check().comparesWithStable()
                        ? Numbers.text(ratio.value()) + " ["
                                + Numbers.text(ratio.interval().low()) + ", "
                                + Numbers.text(ratio.interval().high()) + "]"
                        : null,
                Numbers.percent(finding.harm()),
                Numbers.percent(finding.check().safety(finding.measured())),
                message(finding.verdict()),
                evidence.last().toString(),
                new CheckEvidence(finding.measured().check(), null, null, null, WindowsText.write(evidence)));
    }

    private static String message(Verdict verdict) {
        return verdict.fold(
                () -> "safe on evidence",
                undecided -> "not yet known: needs " + undecided.need(),
                harmful -> harmful.shared() ? "beyond a limit, like stable" : "worse than its limits, on evidence",
                blind -> "no answer: " + blind.why().text());
    }

    private static String message(Verdict verdict, Evidence evidence) {
        return verdict.fold(
                () -> "within limits " + evidence.within() + " times in a row",
                undecided -> evidence.beyond() > 0
                        ? "beyond a limit " + evidence.beyond() + " times in a row"
                        : "needs " + undecided.need(),
                harmful -> "beyond a limit " + evidence.beyond() + " times in a row"
                        + (harmful.shared() ? ", like stable" : ""),
                blind -> "no answer: " + blind.why().text());
    }

    private static List<FailedRevision> failed(Ledger ledger) {
        return ledger.tombstones().stream().map(StatusWriter::failed).toList();
    }

    private static FailedRevision failed(Tombstone tombstone) {
        return new FailedRevision(
                tombstone.revision().id(),
                tombstone.candidate(),
                tombstone.reason().text(),
                tombstone.check(),
                cut(tombstone.message()),
                tombstone.at().toString());
    }

    private static @Nullable List<HistoryEntry> history(Ledger ledger) {
        return ledger.history().isEmpty()
                ? null
                : ledger.history().stream().map(StatusWriter::entry).toList();
    }

    private static HistoryEntry entry(Move move) {
        return new HistoryEntry(
                move.at().toString(),
                move.action().text(),
                move.reason(),
                move.from(),
                move.to(),
                move.weight(),
                cut(move.evidence()));
    }

    static String cut(String message) {
        return message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return Objects.toString(instant, null);
    }
}
