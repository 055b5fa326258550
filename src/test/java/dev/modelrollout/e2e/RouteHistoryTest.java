package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The recorder sees what it is there for. */
class RouteHistoryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void the_way_up_and_a_fall_keep_the_promises() {
        history(look(0, 0), look(1, 5), look(11, 25), look(13, 0)).keepsThePromises();

        history(look(0, 0), look(1, 5), look(11, 25), look(21, 50), look(31, 100))
                .keepsThePromises();
    }

    @TestFactory
    Stream<DynamicTest> finds_a_broken_promise() {
        return Stream.of(
                        new Broken("a rung left out", history(look(0, 0), look(1, 5), look(11, 50)), "rung reached"),
                        new Broken("a hold too short", history(look(0, 0), look(1, 5), look(9, 25)), "rise to 25"),
                        new Broken("a half fall", history(look(0, 0), look(1, 5), look(11, 25), look(12, 5)), "fall"),
                        new Broken(
                                "a second attempt", history(look(0, 0), look(1, 5), look(2, 0), look(20, 5)), "fall"),
                        new Broken("a sum above 100", history(look(0, IntNode.valueOf(60), 50, "{}")), "sum"),
                        new Broken("half a percent", history(look(0, DoubleNode.valueOf(99.5), 0, "{}")), "weights"),
                        new Broken(
                                "a changed match",
                                history(look(0, 0), look(1, IntNode.valueOf(95), 5, "{\"matches\": []}")),
                                "without its weights"))
                .map(broken -> DynamicTest.dynamicTest(
                        broken.sentence(),
                        () -> assertThatThrownBy(broken.history()::keepsThePromises)
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining(broken.message())));
    }

    private record Broken(String sentence, RouteHistory history, String message) {}

    private static RouteHistory history(Sighting... seen) {
        return new RouteHistory(Arrays.asList(seen), "v1", "v2");
    }

    private static Sighting look(int second, int candidate) {
        return look(second, IntNode.valueOf(100 - candidate), candidate, "{}");
    }

    private static Sighting look(int second, JsonNode stable, int candidate, String others) {
        return new Sighting(START.plusSeconds(second), Map.of("v1", stable, "v2", IntNode.valueOf(candidate)), others);
    }
}
