package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Series;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapedOnceTest {

    private static final Series A = new Series("a", "chat-1", "10.0.0.1:80", "");
    private static final Series B = new Series("b", "chat-1", "10.0.0.1:80", "");

    @Test
    void of_two_jobs_that_scrape_one_process_the_first_by_name_counts() {
        assertThat(once(Map.of(A, 1.0, B, 2.0))).isEqualTo(Map.of(A, 1.0));
        assertThat(once(Map.of(B, 2.0))).isEqualTo(Map.of(B, 2.0));
    }

    @Test
    void all_buckets_are_those_of_that_job() {
        var bucket = new Series("a", "chat-1", "10.0.0.1:80", "1");

        assertThat(once(Map.of(A, 1.0, bucket, 0.5, B, 2.0))).isEqualTo(Map.of(A, 1.0, bucket, 0.5));
    }

    @Test
    void other_ports_pods_and_processes_without_a_name_are_others() {
        var all = Map.of(
                A,
                1.0,
                new Series("b", "chat-1", "10.0.0.1:81", ""),
                2.0,
                new Series("b", "chat-2", "10.0.0.1:80", ""),
                3.0,
                new Series("a", "", "10.0.0.1:80", ""),
                4.0,
                new Series("b", "", "10.0.0.1:80", ""),
                5.0,
                new Series("a", "", "", ""),
                6.0,
                new Series("b", "", "", ""),
                7.0);

        assertThat(once(all)).isEqualTo(all);
    }

    private static Map<Series, Double> once(Map<Series, Double> values) {
        return ScrapedOnce.of(new Answer.Counters(Instant.EPOCH, values));
    }
}
