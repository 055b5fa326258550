package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.FailedRevision;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Halt;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.HistoryEntry;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.rollout.Candidate;
import dev.modelrollout.rollout.Halted;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Live;
import dev.modelrollout.rollout.Measured;
import dev.modelrollout.rollout.Measurements;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Patience;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RolledBack;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Tombstone;
import dev.modelrollout.rollout.Unseen;
import dev.modelrollout.rollout.Waiting;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Status to state. A status that makes no sense counts as lost. */
final class StatusReader {

    private final ModelRolloutStatus status;
    private final String live;

    private StatusReader(ModelRolloutStatus status, String live) {
        this.status = status;
        this.live = live;
    }

    /** The state that this status tells of. */
    static RolloutState stateOf(@Nullable ModelRolloutStatus status) {
        if (status == null || status.live() == null || status.phase() == null) {
            return new Unseen();
        }
        try {
            return new StatusReader(status, status.live()).state();
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            return new Unseen();
        }
    }

    private Known state() {
        var halt = status.halt();
        return halt == null ? inner() : halted(halt);
    }

    private Known halted(Halt halt) {
        return new Halted(
                inner(),
                Reason.of(halt.reason()),
                halt.message(),
                halt.generation(),
                Instant.parse(halt.since()),
                instant(halt.settledSince()));
    }

    private Known inner() {
        var rollout = status.rollout();
        if (rollout == null) {
            return new Live(ledger());
        }
        if (rollout.step() > 0) {
            return progressing(rollout);
        }
        var candidate = candidate(rollout);
        return ledger().tombstones().stream()
                .filter(tombstone -> tombstone.revision().equals(candidate.revision()))
                .findFirst()
                .<Known>map(tombstone -> new RolledBack(ledger(), candidate, tombstone))
                .orElseGet(() -> new Waiting(ledger(), candidate, Instant.parse(rollout.since())));
    }

    private Progressing progressing(Rollout rollout) {
        var weight = weight(rollout.candidate());
        var whole = rollout.stepWeight() == null ? weight : rollout.stepWeight();
        return new Progressing(
                ledger(),
                candidate(rollout),
                new Rung(rollout.step(), whole, weight),
                Instant.parse(rollout.since()),
                rollout.replicas() == null ? 0 : rollout.replicas(),
                rollout.stableTemplate(),
                measurements(),
                new Patience(
                        instant(rollout.blindSince()),
                        Duration.ofSeconds(rollout.blindSeconds() == null ? 0 : rollout.blindSeconds()),
                        instant(rollout.unreadySince()),
                        isUnprogrammed()));
    }

    /** Of a version that may not be the target any more. */
    private int weight(String version) {
        return orEmpty(status.weights()).stream()
                .filter(weight -> weight.version().equals(version))
                .mapToInt(ModelRolloutStatus.Weight::weight)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("status.weights has no " + version));
    }

    private boolean isUnprogrammed() {
        return orEmpty(status.conditions()).stream()
                .anyMatch(condition ->
                        condition.getType().equals("RouteProgrammed") && "False".equals(condition.getStatus()));
    }

    private Candidate candidate(Rollout rollout) {
        return new Candidate(
                rollout.candidate(),
                new Revision(rollout.revision()),
                rollout.attempt(),
                Instant.parse(rollout.startedAt()),
                instant(rollout.deadlineFrom()),
                rollout.losses());
    }

    private Ledger ledger() {
        return new Ledger(
                live,
                orEmpty(status.failedRevisions()).stream()
                        .map(StatusReader::tombstone)
                        .toList(),
                orEmpty(status.history()).stream().map(StatusReader::move).toList());
    }

    private static Tombstone tombstone(FailedRevision failed) {
        return new Tombstone(
                new Revision(failed.revision()),
                failed.candidate(),
                Reason.of(failed.reason()),
                failed.check(),
                failed.message(),
                Instant.parse(failed.at()));
    }

    private static Move move(HistoryEntry entry) {
        return new Move(
                Instant.parse(entry.at()),
                Move.Action.of(entry.action()),
                entry.reason(),
                entry.from(),
                entry.to(),
                entry.weight(),
                entry.evidence() == null ? "" : entry.evidence());
    }

    private Measurements measurements() {
        var evidence = new HashMap<String, Measured>();
        for (var check : orEmpty(status.checks())) {
            var known = check.evidence();
            if (known != null) {
                readable(check, known).ifPresent(its -> evidence.put(check.name(), its));
            }
        }
        return new Measurements(evidence);
    }

    /** What one check knew counts as lost alone. */
    private static Optional<Measured> readable(CheckStatus check, ModelRolloutStatus.CheckEvidence known) {
        try {
            return evidence(check, known);
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Optional<Measured> evidence(CheckStatus check, ModelRolloutStatus.CheckEvidence known) {
        var windows = known.windows();
        if (known.within() == null) {
            return Optional.ofNullable(windows)
                    .flatMap(text -> WindowsText.read(text, SequentialEvidence.class))
                    .map(evidence -> new Measured.OfCounts(known.check(), evidence));
        }
        var blind = check.blind() == null ? null : Blindness.of(check.blind());
        var readings = readings(check, known, blind);
        return (windows == null ? Optional.of(SignEvidence.NONE) : WindowsText.read(windows, SignEvidence.class))
                .map(signs -> new Measured.OfQuery(known.check(), new GaugeEvidence(readings, signs)));
    }

    private static Evidence readings(
            CheckStatus check, ModelRolloutStatus.CheckEvidence known, @Nullable Blindness blind) {
        return new Evidence(
                orZero(known.beyond()),
                orZero(known.shared()),
                orZero(known.within()),
                Instant.parse(check.at()),
                blind,
                number(check.candidate()),
                number(check.stable()));
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    private static @Nullable Double number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("no reading is " + text);
        }
        return number;
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
