package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficSplitTest {

    @Test
    void all_weights_add_up_to_100_at_every_share() {
        var sums = IntStream.rangeClosed(0, 100)
                .mapToObj(weight -> new TrafficSplit("v1", "v2", weight))
                .map(split ->
                        Stream.of("v1", "v2", "v3").mapToInt(split::weightOf).sum());

        assertThat(sums).containsOnly(100);
    }

    @Test
    void one_version_alone_has_everything() {
        assertThat(TrafficSplit.all("v1").weightOf("v1")).isEqualTo(100);
        assertThat(TrafficSplit.all("v1").weightOf("v2")).isZero();
    }

    @Test
    void is_split_only_while_two_versions_serve() {
        assertThat(new TrafficSplit("v1", "v2", 0).isSplit()).isFalse();
        assertThat(new TrafficSplit("v1", "v2", 1).isSplit()).isTrue();
        assertThat(new TrafficSplit("v1", "v2", 99).isSplit()).isTrue();
        assertThat(new TrafficSplit("v1", "v2", 100).isSplit()).isFalse();
    }

    @Test
    void a_share_outside_0_to_100_cannot_be_made() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrafficSplit("v1", "v2", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrafficSplit("v1", "v2", 101));
    }
}
