package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.rollout.RolloutPlan.NamedCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one decision is made of. */
record Round(RolloutPlan plan, World world, Instant now) {

    /** The same round, in which nothing of ours was cut short. */
    Round uninterrupted() {
        return new Round(plan, world.uninterrupted(), now);
    }

    /** The revision that the plan wants, if its Deployment is there. */
    Optional<Revision> targetRevision() {
        return world.workload(plan.target())
                .map(workload -> Revision.of(plan.version(plan.target()), workload.template(), plan.attempt()));
    }

    /** Whether this is still what the plan wants; a missing Deployment changes nothing. */
    boolean wants(Candidate candidate) {
        return plan.target().equals(candidate.version())
                && targetRevision().map(candidate.revision()::equals).orElse(true);
    }

    /** The rollout that the plan asks for, from its beginning. */
    Optional<Candidate> newCandidate() {
        return targetRevision().map(revision -> new Candidate(plan.target(), revision, plan.attempt(), now, null, 0));
    }

    /** Everything that the checks ask about these two. */
    Set<Question> questions(String candidate, String stable) {
        return plan.questions(candidate, stable).collect(Collectors.toSet());
    }

    /** Both versions' answers at the same ticks after {@code from}, oldest first. */
    List<Reading> readings(NamedCheck check, String candidate, String stable, Instant from) {
        var stables = world.answers(plan.question(check, stable)).stream()
                .collect(Collectors.toMap(Answer::tick, answer -> answer, (a, b) -> b));
        return world.answers(plan.question(check, candidate)).stream()
                .filter(answer -> answer.tick().isAfter(from))
                .flatMap(answer -> Optional.ofNullable(stables.get(answer.tick())).stream()
                        .map(other -> new Reading(answer, other)))
                .toList();
    }
}
