package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.rollout.Sights.Look;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Everything that the checks ask about these two, at each tick. */
    Set<Question> questions(String candidate, String stable) {
        return plan.questions(candidate, stable).collect(Collectors.toSet());
    }

    /** What the checks on counters want to know of the time before the candidate had traffic. */
    Set<Question> histories(Stream<NamedCheck> checks, String stable) {
        return checks.filter(check -> check.form() == Form.COUNTERS)
                .flatMap(check -> plan.questions(check, stable).stream())
                .collect(Collectors.toSet());
    }

    /** The ticks at which every question of this check is answered for both versions, oldest first. */
    List<Look> looks(NamedCheck check, String candidate, String stable) {
        var stables = byTick(plan.questions(check, stable), world::answers);
        return byTick(plan.questions(check, candidate), world::answers).entrySet().stream()
                .filter(entry -> stables.containsKey(entry.getKey()))
                .map(entry ->
                        new Look(entry.getKey(), entry.getValue(), stables.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    /** What this check asks was answered so for this version before the rollout, tick by tick, oldest first. */
    List<List<Answer>> history(NamedCheck check, String version) {
        return List.copyOf(
                byTick(plan.questions(check, version), world::history).values());
    }

    /** The newest tick at which every question is answered for this version. */
    Optional<Map.Entry<Instant, List<Answer>>> newest(NamedCheck check, String version) {
        return Optional.ofNullable(
                byTick(plan.questions(check, version), world::answers).lastEntry());
    }

    private static NavigableMap<Instant, List<Answer>> byTick(
            List<Question> questions, Function<Question, List<Answer>> answers) {
        var byTick = new TreeMap<Instant, List<Answer>>();
        for (var question : questions) {
            for (var answer : answers.apply(question)) {
                byTick.computeIfAbsent(answer.tick(), none -> new ArrayList<>()).add(answer);
            }
        }
        byTick.values().removeIf(its -> its.size() < questions.size());
        return byTick;
    }
}
