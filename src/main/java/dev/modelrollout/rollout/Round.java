package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Sights.Look;
import dev.modelrollout.rollout.Sights.Lost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one decision is made of.
 *
 * @param asking what the plan asks where the route is like this
 * @param findings what the checks say of a candidate under traffic; none before they were measured
 */
record Round(RolloutPlan plan, World world, Instant now, Questions asking, Findings findings) {

    /** Its beginning. */
    Round(RolloutPlan plan, World world, Instant now) {
        this(plan, world, now, new Questions(plan, world.route()), Findings.NONE);
    }

    /** The same round, in which nothing of ours was cut short. */
    Round uninterrupted() {
        return new Round(plan, world.uninterrupted(), now, asking, findings);
    }

    /** The same round, in which the checks say this. */
    Round finding(Findings found) {
        return new Round(plan, world, now, asking, found);
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

    /**
     * The weight that the route has by a rise of ours from this rung that was cut short; empty when it shows none. The
     * ceiling may have been lowered since; beside a spec that the status does not know, any rise may be ours.
     */
    Optional<Integer> cutShort(String stable, Candidate candidate, Rung from) {
        if (!world.interrupted()) {
            return Optional.empty();
        }
        return IntStream.rangeClosed(from.weight() + 1, 100)
                .filter(weight -> world.respecified()
                        || Stream.of(plan.maxWeight(), 100)
                                .anyMatch(ceiling -> plan.climb().mayFollow(from, weight, ceiling)))
                .filter(weight -> world.route().serves(new TrafficSplit(stable, candidate.version(), weight)))
                .boxed()
                .findFirst();
    }

    /** The rollout that the plan asks for, from its beginning. */
    Optional<Candidate> newCandidate() {
        return targetRevision().map(revision -> new Candidate(plan.target(), revision, plan.attempt(), now, null, 0));
    }

    /** What this check asks about this version, in the order of its queries. */
    List<Question> questions(NamedCheck check, String version) {
        return asking.of(check, version);
    }

    /**
     * What evidence of this check belongs to: the check, and where the route has these two, if it asks for that. A place
     * that another version takes counts on from where this one left it. Empty while the route does not tell.
     */
    Optional<String> source(NamedCheck check, String candidate, String stable) {
        if (!check.needsRoute()) {
            return Optional.of(check.identity());
        }
        var asked = List.of(questions(check, candidate), questions(check, stable));
        return asked.stream().anyMatch(List::isEmpty)
                ? Optional.empty()
                : Optional.of(Measured.source(check, Revision.digest(asked.toString())));
    }

    /** The ticks from this one on at which every question of this check is answered for both versions, oldest first. */
    List<Look> looks(NamedCheck check, String candidate, String stable, Instant from) {
        var stables = byTick(questions(check, stable), world::answers, from);
        return byTick(questions(check, candidate), world::answers, from).entrySet().stream()
                .filter(entry -> stables.containsKey(entry.getKey()))
                .map(entry ->
                        new Look(entry.getKey(), entry.getValue(), stables.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    /** A tick after this one from which on there is no look to be had; empty while one may still come. */
    Optional<Lost> lost(NamedCheck check, String candidate, String stable, Instant after) {
        var ofCandidate = answers(questions(check, candidate), after);
        var ofStable = answers(questions(check, stable), after);
        if (areNone(ofCandidate) && areNone(ofStable)) {
            return Optional.empty();
        }
        var ofBoth = Stream.concat(ofCandidate.stream(), ofStable.stream()).toList();
        return inVain(check.comparesWithStable() ? ofBoth : ofCandidate).or(() -> apart(ofBoth));
    }

    /** What this check asks was answered so for this version before the rollout, tick by tick, oldest first. */
    List<List<Answer>> history(NamedCheck check, String version) {
        return world.histories().isEmpty()
                ? List.of()
                : List.copyOf(byTick(questions(check, version), world::history, Instant.MIN)
                        .values());
    }

    /** The newest tick at which every question is answered for this version, or one was asked in vain: then all were. */
    Optional<Map.Entry<Instant, List<Answer>>> newest(NamedCheck check, String version) {
        var questions = questions(check, version);
        var whole = Optional.ofNullable(
                byTick(questions, world::answers, Instant.MIN).lastEntry());
        return inVain(answers(questions, whole.map(Map.Entry::getKey).orElse(Instant.MIN)))
                .<Map.Entry<Instant, List<Answer>>>map(lost -> Map.entry(
                        lost.tick(),
                        Collections.nCopies(questions.size(), new Answer.Missing(lost.tick(), lost.why()))))
                .or(() -> whole);
    }

    /** The newest tick for which one of the questions was asked in vain. That there are no series is an answer. */
    private static Optional<Lost> inVain(List<List<Answer>> byQuestion) {
        return byQuestion.stream()
                .flatMap(List::stream)
                .flatMap(answer -> answer.<Stream<Lost>>fold(
                        value -> Stream.empty(),
                        counters -> Stream.empty(),
                        why -> why == Blindness.NO_DATA ? Stream.empty() : Stream.of(new Lost(answer.tick(), why))))
                .max(Comparator.comparing(Lost::tick));
    }

    /** Each question was answered, for longer than a reading is fresh, and never all of them for one tick. */
    private Optional<Lost> apart(List<List<Answer>> byQuestion) {
        return byQuestion.stream()
                .map(answers -> answers.isEmpty() ? Instant.MAX : answers.get(0).tick())
                .max(Comparator.naturalOrder())
                .filter(now.minus(plan.analysis().freshness())::isAfter)
                .map(tick -> new Lost(tick, Blindness.STALE));
    }

    private static boolean areNone(List<List<Answer>> byQuestion) {
        for (var answers : byQuestion) {
            if (!answers.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Question by question those of later ticks, oldest first. */
    private List<List<Answer>> answers(List<Question> questions, Instant after) {
        var byQuestion = new ArrayList<List<Answer>>(questions.size());
        for (var question : questions) {
            byQuestion.add(newer(world.answers(question), after));
        }
        return byQuestion;
    }

    /** Few are, so they are looked for from the end. */
    private static List<Answer> newer(List<Answer> all, Instant after) {
        var first = all.size();
        while (first > 0 && all.get(first - 1).tick().isAfter(after)) {
            first--;
        }
        return all.subList(first, all.size());
    }

    private static NavigableMap<Instant, List<Answer>> byTick(
            List<Question> questions, Function<Question, List<Answer>> answers, Instant from) {
        var byTick = new TreeMap<Instant, List<Answer>>();
        for (var question : questions) {
            for (var answer : answers.apply(question)) {
                if (!answer.tick().isBefore(from)) {
                    byTick.computeIfAbsent(answer.tick(), none -> new ArrayList<>())
                            .add(answer);
                }
            }
        }
        byTick.values().removeIf(its -> its.size() < questions.size());
        return byTick;
    }
}
