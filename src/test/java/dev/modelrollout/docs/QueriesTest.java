package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every query on a page can be filled in, and a real Prometheus understands it. */
class QueriesTest {

    private static final List<String> COUNTERS = List.of("bad", "total", "buckets");
    private static final ModelVersion V2 = new ModelVersion("v2", "chat-v2", Backend.service("chat-v2"));

    @Test
    void each_query_can_be_filled_in() {
        assertThat(queries())
                .isNotEmpty()
                .allSatisfy(query -> assertThat(new QueryTemplate(query).violation(List.of(V2)))
                        .isEmpty());
    }

    @Test
    @NeedsPrometheus
    void prometheus_understands_each_query(@TempDir Path folder) throws IOException {
        try (var prometheus = Prometheus.start(folder, "scrape_configs: []")) {
            assertThat(queries())
                    .isNotEmpty()
                    .allSatisfy(query -> assertThat(prometheus
                                    .query(new QueryTemplate(query)
                                            .fill("serving", V2, "httproute/serving/chat/rule/0/backend/1"))
                                    .isArray())
                            .isTrue());
        }
    }

    private static List<String> queries() {
        return Stream.of(texts(List.of("query")), texts(COUNTERS))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> texts(List<String> fields) {
        return Page.all().stream()
                .flatMap(page -> page.blocks("yaml").stream())
                .map(block -> Serialization.unmarshal(block.text(), JsonNode.class))
                .flatMap(document -> fields.stream().flatMap(field -> document.findValuesAsText(field).stream()))
                .toList();
    }

    @Test
    void each_preset_is_known() {
        assertThat(texts(List.of("preset")))
                .isNotEmpty()
                .isSubsetOf(Presets.load().ids());
    }

    /** Differences are taken by the operator. */
    @Test
    void each_counter_is_raw() {
        assertThat(texts(COUNTERS))
                .isNotEmpty()
                .allSatisfy(query ->
                        assertThat(new QueryTemplate(query).rateFunction()).isEmpty());
    }
}
