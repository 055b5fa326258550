package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Forecast;
import dev.modelrollout.analysis.HarmEvidence;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.rollout.Findings.Excess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One check of a plan: what it asks of each version, how answers become evidence, and what that says. */
public sealed interface NamedCheck permits QueryCheck, CountsCheck {

    /** Its name, unique in the plan. */
    String name();

    /** Changes with anything that makes old evidence meaningless. */
    String identity();

    /** What it asks of each version; answers come in the same order. */
    List<QueryTemplate> queries();

    /** Whether what it asks depends on the route as it stands. */
    default boolean needsRoute() {
        return queries().stream().anyMatch(QueryTemplate::needsRoute);
    }

    /** What its answers are made of. */
    Form form();

    /** Whether it can say nothing without stable's answers. */
    boolean comparesWithStable();

    /** Whether no step is passed before it is safe, not only the last. */
    boolean isNeededForEachRise();

    /** What is known with all that was seen since; evidence that belongs to another check is forgotten. */
    Measured measured(@Nullable Measured known, Sights seen);

    /** What it says, when all checks together say this about harm. */
    Verdict verdict(Measured measured, RolloutHarm harm);

    /** What it contributes to the harm of the rollout. */
    List<HarmEvidence> harm(Measured measured);

    /**
     * Why these answers of one version at one tick are of no use before the first weight; empty when they are, or when
     * there is nothing yet of a candidate.
     *
     * @param ready pods of this version
     */
    Optional<Blindness> unfit(List<Answer> answers, boolean isCandidate, int ready);

    /** Whether these answers of both versions at one tick are not those of the same requests, as far as they show that. */
    boolean tellsApart(List<Answer> candidate, List<Answer> stable);

    /** What to write because such answers are of no use, for people; empty when the reason says it all. */
    Optional<String> remedy(List<Answer> answers);

    /** The numbers of both versions, for people. */
    String numbers(Measured measured, String candidate, String stable);

    /** The candidate's number, for people; empty before there is one. */
    Optional<String> candidate(Measured measured);

    /** Stable's number, for people; empty before there is one. */
    Optional<String> stable(Measured measured);

    /** On what a rise rests, for people. */
    String support(Measured measured, String candidate, String stable);

    /** What is beyond which limit, for people. */
    String breach(Measured measured, String candidate, String stable);

    /** How long it takes until it is safe, if the candidate is as good as stable; empty: not known. */
    Optional<Duration> timeToSafe(Measured measured, Duration interval);

    /**
     * How long it will take, by what stable did before; empty when nothing is known of that.
     *
     * @param share the candidate's of all traffic, above 0, below 1
     * @param interval between two ticks of the history
     */
    Optional<Forecast> forecast(List<List<Answer>> history, double share, Duration interval);

    /** How much of the evidence for safety there is, 0..1; 0 where readings in a row are counted. */
    double safety(Measured measured);

    /** Why it ends a rollout. */
    Reason failure(Measured measured);

    /**
     * What a rise needs of it beside its verdict, for people; empty when nothing.
     *
     * @param judgedFrom since when the weight before it is served and warm
     */
    Optional<String> missing(Measured measured, Instant judgedFrom);

    /** By how much the candidate may be worse than stable; empty when it does not count what fails. */
    Optional<Excess> excess(Measured measured);
}
