package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeLimit;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.SignCheck;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read. */
class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 %",
        "-0.0, 0 %",
        "0.01234, 1.23 %",
        "1, 100 %",
        "-0.002, -0.2 %",
        "1e-8, 0.000001 %",
        "4.8e-24, 0 %"
    })
    void a_share_is_a_percentage_that_can_be_read(double share, String text) {
        assertThat(Numbers.percent(share)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT59S, 59s",
        "PT1M, 1m",
        "PT1M30S, 1m30s",
        "PT59M59S, 59m59s",
        "PT1H, 1h",
        "PT1H1M59S, 1h1m",
        "PT47H59M, 47h59m",
        "PT48H, 2d",
        "PT49H59M, 2d1h"
    })
    void a_duration_has_its_two_largest_units(Duration duration, String text) {
        assertThat(Numbers.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        ", no value",
        "0, 0",
        "1234.56, 1235",
        "123456, 123500",
        "0.0123456, 0.01235",
        "1e11, 100000000000",
        "1e12, 1E+12",
        "1e-12, 0.000000000001",
        "1e-13, 1E-13"
    })
    void a_number_has_four_digits(@Nullable Double number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }

    @Test
    void a_limit_has_the_name_of_its_field() {
        List<CountLimit> limits = List.of(
                new CountLimit.Max(0.01),
                new CountLimit.MaxDifference(0.02),
                new CountLimit.WorseThanStable(0.03),
                new CountLimit.BetterThanStable(0.04));

        assertThat(limits.stream().map(Numbers::text).toList())
                .containsExactly("max 1 %", "maxDifference 2 %", "worseThanStable 3 %", "betterThanStable 4 %");
    }

    @Test
    void of_a_gauge_every_limit_is_named() {
        var gauge = new GaugeCheck(
                new PlainCheck(new Limits(new Range(1, 2), new Range(-3, 4)), 3),
                new SignCheck(
                        Better.LOWER,
                        List.of(new GaugeLimit.WorseThanStable(0.05), new GaugeLimit.BetterThanStable(0.06))));

        assertThat(Numbers.text(gauge))
                .isEqualTo(
                        "max 2, min 1, maxDifference 4, minDifference -3, worseThanStable 5 %, betterThanStable 6 %");
    }
}
