package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Trouble;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which changes of a status are written at once; the others travel with them, or once a minute. */
class StatusMapperTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String STATUS = """
        {"observedGeneration": 3, "phase": "Progressing", "live": "v1", "weight": 10,
         "weights": [{"version": "v1", "weight": 90}, {"version": "v2", "weight": 10}],
         "rollout": {"candidate": "v2", "revision": "aaaa", "attempt": 1, "startedAt": "2026-03-01T11:00:00Z",
          "deadlineFrom": "2026-03-01T11:10:00Z", "step": 2, "stepWeight": 10, "steps": 4, "progress": "2/4",
          "replicas": 3, "since": "2026-03-01T11:50:00Z", "holdUntil": "2026-03-01T12:00:00Z",
          "estimate": "about 10m", "unreadySince": "2026-03-01T11:59:00Z", "losses": 1, "stableTemplate": "t1"},
         "halt": {"reason": "Contested", "message": "someone", "generation": 2, "since": "2026-03-01T11:55:00Z"},
         "failedRevisions": [{"revision": "bbbb", "candidate": "v2", "reason": "CheckFailed", "message": "bad",
          "at": "2026-03-01T10:00:00Z"}],
         "checks": [{"name": "errors", "verdict": "Undecided", "candidate": "0.01", "stable": "0.02",
          "harm": "1 %", "safe": "2 %", "message": "needs more", "at": "2026-03-01T11:59:45Z",
          "evidence": {"check": "cccc", "windows": "[1]"}},
          {"name": "latency", "verdict": "Safe", "candidate": "20", "at": "2026-03-01T11:59:30Z"}],
         "conditions": [
          {"type": "Ready", "status": "Unknown", "reason": "Progressing", "message": "measuring",
           "observedGeneration": 3, "lastTransitionTime": "2026-03-01T11:00:00Z"},
          {"type": "Drifted", "status": "False", "reason": "AsWritten", "message": "as written",
           "observedGeneration": 3, "lastTransitionTime": "2026-03-01T11:00:00Z"}],
         "history": [{"at": "2026-03-01T11:50:00Z", "action": "Raise", "reason": "Progressing", "from": "v1",
          "to": "v2", "weight": 10, "evidence": "safe"}]}
        """;

    @TestFactory
    Stream<DynamicTest> is_written_at_once() {
        return Stream.of(
                        "/observedGeneration=4",
                        "/phase=\"Halted\"",
                        "/live=\"v3\"",
                        "/weight=50",
                        "/weights/1/weight=9",
                        "/rollout/candidate=\"v3\"",
                        "/rollout/revision=\"dddd\"",
                        "/rollout/step=3",
                        "/rollout/stepWeight=20",
                        "/rollout/steps=5",
                        "/rollout/since=\"2026-03-01T11:51:00Z\"",
                        "/rollout/deadlineFrom=\"2026-03-01T11:51:00Z\"",
                        "/rollout/unreadySince=\"2026-03-01T11:59:30Z\"",
                        "/rollout/losses=2",
                        "/rollout/stableTemplate=\"t2\"",
                        "/halt/reason=\"HeldOnFailure\"",
                        "/halt/settledSince=\"2026-03-01T11:59:00Z\"",
                        "/failedRevisions/0/revision=\"eeee\"",
                        "/checks/0/name=\"quality\"",
                        "/checks/0/at=\"2026-03-01T11:59:44Z\"",
                        "/checks/0/verdict=\"Blind\"",
                        "/checks/0/verdict=\"Harmful\"",
                        "/checks/0/blind=\"Timeout\"",
                        "/checks/0/candidate=null",
                        "/checks/0/evidence/check=\"ffff\"",
                        "/conditions/1/type=\"Other\"",
                        "/conditions/1/status=\"True\"",
                        "/conditions/1/reason=\"Drifted\"",
                        "/conditions/1/observedGeneration=4",
                        "/history/0/weight=50")
                .map(change -> dynamicTest(
                        change,
                        () -> assertThat(StatusMapper.differs(status(""), status(change)))
                                .isTrue()));
    }

    @TestFactory
    Stream<DynamicTest> travels_with_the_next_write() {
        return Stream.of(
                        "/weight=10",
                        "/rollout/holdUntil=\"2026-03-01T12:05:00Z\"",
                        "/rollout/estimate=\"about 5m\"",
                        "/checks/0/verdict=\"Safe\"",
                        "/checks/0/candidate=\"0.05\"",
                        "/checks/0/stable=\"0.05\"",
                        "/checks/0/harm=\"5 %\"",
                        "/checks/0/safe=\"5 %\"",
                        "/checks/0/message=\"needs less\"",
                        "/checks/0/at=\"2026-03-01T12:00:00Z\"",
                        "/checks/0/evidence/windows=\"[2]\"",
                        "/conditions/0/message=\"still measuring\"",
                        "/conditions/1/message=\"as it is written\"",
                        "/conditions/1/lastTransitionTime=\"2026-03-01T11:30:00Z\"")
                .map(change -> dynamicTest(
                        change,
                        () -> assertThat(StatusMapper.differs(status(""), status(change)))
                                .isFalse()));
    }

    @Test
    void a_reading_of_an_unreadable_time_is_old() {
        var damaged = status("/checks/0/at=\"yesterday\"");

        assertThat(StatusMapper.differs(damaged, status(""))).isFalse();
        assertThat(StatusMapper.differs(status(""), damaged)).isTrue();
    }

    @Test
    void the_first_estimate_is_written_at_once_and_that_it_is_gone_travels_with_the_next_write() {
        var without = status("/rollout/estimate=null");

        assertThat(StatusMapper.differs(without, status(""))).isTrue();
        assertThat(StatusMapper.differs(status(""), without)).isFalse();
    }

    static Set<Reason> obstacles() {
        return EnumSet.range(Reason.INVALID_SPEC, Reason.UNKNOWN_PRESET);
    }

    @ParameterizedTest
    @MethodSource("obstacles")
    void another_obstacle_of_the_same_kind_is_written_at_once(Reason reason) {
        var first = stalled(null, reason, "chat-v1 is not right");

        assertThat(StatusMapper.differs(first, stalled(first, reason, "chat-v1 is not right")))
                .isFalse();
        assertThat(StatusMapper.differs(first, stalled(first, reason, "chat-v2 is not right")))
                .isTrue();
    }

    @Test
    void a_rollout_without_a_status_gets_one() {
        assertThat(StatusMapper.differs(null, status(""))).isTrue();
    }

    @Test
    void what_cannot_be_told_keeps_all_that_was_known() {
        var before = status("");
        var stalled = stalled(before, Reason.UNREADABLE, "spec.steps: not a list");

        assertThat(stalled.with(3L, StatusReader.orEmpty(before.conditions()))).isEqualTo(before);
        assertThat(stalled.observedGeneration()).isEqualTo(4);
        assertThat(stalled.conditions())
                .filteredOn(condition -> condition.getType().equals("Drifted"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.getStatus()).isEqualTo("False"))
                .satisfies(kept -> assertThat(kept.getReason()).isEqualTo("AsWritten"))
                .satisfies(kept -> assertThat(kept.getLastTransitionTime()).isEqualTo("2026-03-01T11:00:00Z"));
    }

    @Test
    void of_what_was_never_understood_every_condition_is_told_all_the_same() {
        assertThat(StatusReader.orEmpty(stalled(null, Reason.UNREADABLE, "spec.steps: not a list")
                        .conditions()))
                .extracting(its -> its.getType() + " " + its.getStatus() + " " + its.getReason())
                .containsExactly(
                        "Ready False Unreadable",
                        "Reconciling False Unreadable",
                        "Stalled True Unreadable",
                        "RouteProgrammed Unknown RouteMissing",
                        "MetricsAvailable Unknown NotAsked",
                        "AnalysisConfigured Unknown NoChecks",
                        "Drifted Unknown AsWritten");
    }

    @Test
    void a_reason_is_ready_s_own() {
        var status = status("");

        assertThat(StatusMapper.isReadyFor(status, Reason.PROGRESSING)).isTrue();
        assertThat(StatusMapper.isReadyFor(status, Reason.CONTESTED)).isFalse();
        assertThat(StatusMapper.isReadyFor(null, Reason.PROGRESSING)).isFalse();
        assertThat(StatusMapper.isReadyFor(stalled(null, Reason.UNREADABLE, "spec"), Reason.ROUTE_MISSING))
                .isFalse();
    }

    private static ModelRolloutStatus stalled(@Nullable ModelRolloutStatus old, Reason reason, String message) {
        return StatusMapper.stalled(4, old, new Trouble(reason, message), NOW);
    }

    /** The status with one value changed, as {@code pointer=value}. */
    private static ModelRolloutStatus status(String change) {
        try {
            var tree = JSON.readTree(STATUS);
            if (!change.isEmpty()) {
                var pointer = change.substring(0, change.indexOf('='));
                var parent = (ObjectNode) tree.at(pointer.substring(0, pointer.lastIndexOf('/')));
                parent.set(
                        pointer.substring(pointer.lastIndexOf('/') + 1),
                        JSON.readTree(change.substring(change.indexOf('=') + 1)));
            }
            return JSON.treeToValue(tree, ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
