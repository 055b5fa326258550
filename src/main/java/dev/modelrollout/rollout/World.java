package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen this round.
 *
 * @param workloads of the live version and the target, by version; a missing Deployment has no entry
 * @param reachable versions whose backend has a ready endpoint, with or without a Deployment
 * @param answers kept answers, oldest first
 * @param histories answers of the hour before somebody asked for it, oldest first; without those not known yet
 * @param trouble why this rollout cannot go on, beside the route's own; null when nothing stands in its way
 * @param fresh whether route and rollout were read from the API server in this round, not from a cache
 * @param interrupted whether the route may show a write of ours that the status does not know: since the operator started
 *     or a round of this rollout failed, it was not seen to be as the status says, on a fresh look; or that was so lately
 *     that a request sent before may take effect only now
 * @param respecified whether the status is of an older generation of the spec
 */
public record World(
        Map<String, Workload> workloads,
        Set<String> reachable,
        RouteView route,
        Map<Question, List<Answer>> answers,
        Map<Question, List<Answer>> histories,
        @Nullable Trouble trouble,
        boolean fresh,
        boolean interrupted,
        boolean respecified) {

    public World {
        workloads = Map.copyOf(workloads);
        reachable = Set.copyOf(reachable);
        answers = Map.copyOf(answers);
        histories = Map.copyOf(histories);
    }

    World uninterrupted() {
        return new World(workloads, reachable, route, answers, histories, trouble, fresh, false, respecified);
    }

    /** The Deployment and backend of a version, if there are any. */
    public Optional<Workload> workload(String version) {
        return Optional.ofNullable(workloads.get(version));
    }

    /** Ready pods of a version; 0 without a Deployment. */
    int readyPods(String version) {
        return workload(version).map(Workload::ready).orElse(0);
    }

    /** Whether a version's backend has a ready endpoint. */
    public boolean isReachable(String version) {
        return reachable.contains(version);
    }

    List<Answer> answers(Question question) {
        return answers.getOrDefault(question, List.of());
    }

    List<Answer> history(Question question) {
        return histories.getOrDefault(question, List.of());
    }

    Optional<Trouble> anyTrouble() {
        return Stream.concat(Stream.ofNullable(trouble), Stream.ofNullable(route.trouble()))
                .min(Comparator.comparing(Trouble::reason));
    }

    /** That an older rollout has one of the route's rules: then nothing there is ours to write, not even down. */
    public Optional<Trouble> conflict() {
        return Optional.ofNullable(trouble).filter(its -> its.reason() == Reason.CONFLICT);
    }

    /** Whether a part of what the user wants cannot be told. */
    boolean isSpecUnclear() {
        return trouble != null
                && (trouble.reason() == Reason.INVALID_SPEC || trouble.reason() == Reason.UNKNOWN_PRESET);
    }
}
