package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Window.Squares;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Evidence that went through text after every window is the same, to the last bit. */
class RestartTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectMapper TEXT =
            new ObjectMapper().findAndRegisterModules().setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE);

    @TestFactory
    Stream<DynamicTest> changes_no_number_of() {
        return VectorsTest.countCases()
                .map(vector -> dynamicTest(vector.get("name").asText(), () -> {
                    var tests = VectorsTest.tests(vector);
                    var running = tests.start(VectorsTest.prior(vector));
                    var restarted = running;
                    for (var window : vector.get("windows")) {
                        running = VectorsTest.after(tests, running, window);
                        restarted = VectorsTest.after(tests, throughText(restarted), window);
                    }
                    assertThat(restarted).isEqualTo(running);
                }));
    }

    @Test
    void changes_nothing_that_a_check_remembers() {
        var check = new SequentialCheck(List.of(new Max(0.02), new WorseThanStable(0.1)));
        var running = check.start(START, NoisePrior.CAUTIOUS);
        var restarted = running;
        for (var i = 0; i < 12; i++) {
            var window = new Window(at(i), at(i + 1), new Counts(i % 3, 150), new Counts(7 + i % 5, 1350 + i));
            running = check.fold(running, window, 0.1, at(2));
            restarted = check.fold(throughText(restarted), window, 0.1, at(2));
        }

        assertThat(restarted).isEqualTo(running);
    }

    @Test
    void changes_nothing_that_a_check_of_scores_remembers() {
        var check = new SequentialCheck(List.of(new Max(0.2), new MaxDifference(0.02)), true);
        var running = check.start(START, NoisePrior.CAUTIOUS);
        var restarted = running;
        for (var i = 0; i < 12; i++) {
            var window = new Window(
                    at(i),
                    at(i + 1),
                    new Counts(7.1 + i % 4, 30),
                    new Counts(53.3 + i % 3, 270),
                    new Squares(2.3, 16.1));
            running = check.fold(running, window, 0.1, at(2));
            restarted = check.fold(throughText(restarted), window, 0.1, at(2));
        }

        assertThat(restarted).isEqualTo(running);
    }

    private static Instant at(int tick) {
        return START.plusSeconds(15L * tick);
    }

    private static CountEvidence throughText(CountEvidence evidence) {
        return read(write(evidence), CountEvidence.class);
    }

    private static SequentialEvidence throughText(SequentialEvidence evidence) {
        return read(write(evidence), SequentialEvidence.class);
    }

    private static String write(Object value) {
        try {
            return TEXT.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String text, Class<T> type) {
        try {
            return TEXT.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
