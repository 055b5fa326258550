package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.GaugeLimit;
import dev.modelrollout.analysis.GaugeLimit.BetterThanStable;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.analysis.Window.Squares;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence goes to text and back without loss, and what is not its text is nothing. */
class WindowsTextTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final SequentialCheck CHECK = new SequentialCheck(List.of(new Max(0.02), new WorseThanStable(0.1)));
    private static final int MOST_CHARACTERS = 1500;

    @Test
    void no_bit_is_lost_in_any_window() {
        var random = new Random(7);
        var running = CHECK.start(START, NoisePrior.CAUTIOUS);
        var restarted = running;
        for (var i = 0; i < 500; i++) {
            var window = window(i, random);
            running = CHECK.fold(running, window, 0.1, at(4));
            restarted = CHECK.fold(throughText(restarted), window, 0.1, at(4));

            assertThat(throughText(restarted)).isEqualTo(running);
        }
    }

    @Test
    void before_the_first_window_and_blind_it_is_the_same_too() {
        var fresh = CHECK.start(START, NoisePrior.CAUTIOUS);

        assertThat(throughText(fresh)).isEqualTo(fresh);
        assertThat(throughText(fresh.blind(Blindness.TIMEOUT))).isEqualTo(fresh.blind(Blindness.TIMEOUT));
    }

    @Test
    void no_bit_of_a_gauge_is_lost_and_its_text_stays_short() {
        var check = new GaugeCheck(
                new PlainCheck(new Limits(Range.ANY, Range.ANY), 3),
                new SignCheck(Better.LOWER, List.of(new GaugeLimit.WorseThanStable(0.1), new BetterThanStable(0.1))));
        var random = new Random(7);
        var running = check.start(START);
        var restarted = running;
        for (var i = 1; i <= 500; i++) {
            var reading = new Reading(
                    new Answer.Value(at(i), random.nextDouble()), new Answer.Value(at(i), random.nextDouble()));
            running = check.fold(running, reading, at(4));
            var text = WindowsText.write(restarted.signs());
            restarted = check.fold(
                    new GaugeEvidence(
                            restarted.readings(),
                            WindowsText.read(text, SignEvidence.class).orElseThrow()),
                    reading,
                    at(4));

            assertThat(restarted).isEqualTo(running);
            assertThat(text.length()).isLessThan(MOST_CHARACTERS);
        }
    }

    @Test
    void no_bit_of_scores_is_lost_and_their_text_stays_short() {
        var check = new SequentialCheck(List.of(new Max(0.2), new MaxDifference(0.02)), true);
        var random = new Random(7);
        var running = check.start(START, NoisePrior.CAUTIOUS);
        var restarted = running;
        for (var i = 0; i < 500; i++) {
            var candidate = 20 * random.nextDouble();
            var stable = 180 * random.nextDouble();
            var window = new Window(
                    at(i),
                    at(i + 1),
                    new Counts(candidate, 100),
                    new Counts(stable, 900),
                    new Squares(candidate * 0.7, stable * 0.7));
            running = check.fold(running, window, 0.1, at(4));
            restarted = check.fold(throughText(restarted), window, 0.1, at(4));

            assertThat(restarted).isEqualTo(running);
            assertThat(WindowsText.write(running).length()).isLessThan(MOST_CHARACTERS);
        }
    }

    @Test
    void it_stays_short_for_ever() {
        var longest = Stream.iterate(new Folded(CHECK.start(START, NoisePrior.CAUTIOUS), 0), Folded::next)
                .limit(501)
                .mapToInt(folded -> WindowsText.write(folded.evidence()).length())
                .max()
                .orElseThrow();

        assertThat(longest).isLessThan(MOST_CHARACTERS);
    }

    private record Folded(SequentialEvidence evidence, int windows) {

        Folded next() {
            var window = window(windows, new Random(windows));
            return new Folded(CHECK.fold(evidence, window, 0.1, at(4)), windows + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{}",
                "[]",
                "[[]]",
                "7",
                "\"text\"",
                "[null",
                "[null,null,0,false,null,null,null]"
            })
    void what_no_evidence_is_written_as_is_lost(String text) {
        assertThat(WindowsText.read(text, SequentialEvidence.class)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void a_damaged_text_is_lost(String text) {
        assertThat(WindowsText.read(text, SequentialEvidence.class)).isEmpty();
    }

    static Stream<String> damaged() {
        var text =
                WindowsText.write(Stream.iterate(new Folded(CHECK.start(START, NoisePrior.CAUTIOUS), 0), Folded::next)
                        .limit(10)
                        .reduce((before, after) -> after)
                        .orElseThrow()
                        .evidence());
        return Stream.of(
                text.substring(0, text.length() / 2),
                text + "]",
                text + " more",
                text.replaceFirst("2026-", "26-"),
                text.replaceFirst("[0-9]+\\.[0-9]+", "null"),
                text.replaceFirst("[0-9]+\\.[0-9]+", "\"NaN\""),
                text.replaceFirst("[0-9]+\\.[0-9]+", "1e999"),
                text.replaceFirst("\\[[^\\[\\]]*\\]", "null"),
                text.replaceFirst("\\[[^\\[\\]]*\\]", "[]"),
                text.replaceFirst(",[^,\\]]*\\]", "]"));
    }

    private static SequentialEvidence throughText(SequentialEvidence evidence) {
        return WindowsText.read(WindowsText.write(evidence), SequentialEvidence.class)
                .orElseThrow();
    }

    /** Now and then nobody comes. */
    private static Window window(int i, Random random) {
        var candidate = random.nextInt(10) == 0 ? 0 : 100 + random.nextInt(100);
        var stable = 1000 + random.nextInt(1000);
        return new Window(
                at(i),
                at(i + 1),
                new Counts(candidate == 0 ? 0 : random.nextInt(4), candidate),
                new Counts(random.nextInt(40), stable + random.nextDouble()));
    }

    private static Instant at(int tick) {
        return START.plusSeconds(15L * tick);
    }
}
