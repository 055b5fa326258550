package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final Selector BUCKETS = new Selector("t_bucket{pod=~\"$pods\"}");

    @Test
    void sumsPerProcess() {
        assertThat(BUCKETS.perInstance()).isEqualTo("sum by (job, pod, instance) (t_bucket{pod=~\"$pods\"})");
        assertThat(BUCKETS.perBucket()).isEqualTo("sum by (job, pod, instance, le) (t_bucket{pod=~\"$pods\"})");
        assertThat(BUCKETS.bounds()).isEqualTo("count by (le) (t_bucket{pod=~\"$pods\"})");
    }

    @Test
    void asksForSomeBuckets() {
        assertThat(BUCKETS.perBucket(List.of("0.25", "+Inf")))
                .isEqualTo("sum by (job, pod, instance, le) (t_bucket{pod=~\"$pods\",le=~\"0[.]25|[+]Inf\"})");
        assertThat(new Selector("t_bucket").perBucket(List.of("1")))
                .isEqualTo("sum by (job, pod, instance, le) (t_bucket{le=~\"1\"})");
        assertThat(new Selector("t_bucket{ }").perBucket(List.of("1")))
                .isEqualTo("sum by (job, pod, instance, le) (t_bucket{le=~\"1\"})");
        assertThat(new Selector("t_bucket{a=\"b\", }").perBucket(List.of("1")))
                .isEqualTo("sum by (job, pod, instance, le) (t_bucket{a=\"b\",le=~\"1\"})");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "vllm:tokens_total{a=\"}\\\"{(\"}",
                "{__name__=~\"a_(b|c)_total\",pod=~\"$pods\"}",
                " up {a=\"b\",\n c!~\"d\"} "
            })
    void takesABareSelector(String text) {
        assertThat(new Selector(text).text()).isEqualTo(text.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "rate(up[5m])",
                "up{a=\"b\"}[5m]",
                "up{a=\"b\"} offset 5m",
                "up{a=\"b\"} or up",
                "up{a=\"b\"",
                "up{a=\"b}",
                "up) or (up",
                "{}) or (up",
                "1"
            })
    void refusesWhatIsAround(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector(text));
    }
}
