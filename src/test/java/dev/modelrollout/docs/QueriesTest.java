package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every query on a page can be filled in, and a real Prometheus understands it. */
class QueriesTest {

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
                                    .query(new QueryTemplate(query).fill("serving", V2))
                                    .isArray())
                            .isTrue());
        }
    }

    private static List<String> queries() {
        return Page.all().stream()
                .flatMap(page -> page.blocks("yaml").stream())
                .map(block -> Serialization.unmarshal(block.text(), JsonNode.class))
                .flatMap(document -> document.findValuesAsText("query").stream())
                .toList();
    }
}
