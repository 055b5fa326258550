package dev.modelrollout.reconcile;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.docs.Command;
import dev.modelrollout.docs.Page;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** README's first screen: its manifest is rolled back, and its commands print what stands there. */
@NeedsApiServer
class FirstScreenTest {

    private static final String PROMPT = "$ ";

    @Test
    void a_rollback_looks_like_this(ApiServer server) {
        try (var town =
                new Town(server).measures("v1", 0.004).measures("v2", 0.004).startOperator()) {
            town.admin()
                    .resource(inSeconds(Page.README.blocks("yaml").get(0).text()))
                    .inNamespace(town.namespace())
                    .create();
            town.awaitWeight(10);
            town.measures("v2", 0.052);
            town.awaitReason("CheckFailed");

            var shown = Page.README.blocks("").get(0).text();
            assertThat(words(typed(shown, server, town.namespace()))).isEqualTo(words(shown));
        }
    }

    /** The same manifest, but for the time that it takes. */
    private static String inSeconds(String manifest) {
        return manifest.replace("hold: 5m", "hold: 0s")
                .replace("  analysis:\n", "  analysis:\n    interval: 1s\n    warmup: 0s\n");
    }

    /** The commands of this transcript, and what they print now. */
    private static String typed(String transcript, ApiServer server, String namespace) {
        return transcript
                .lines()
                .filter(line -> line.startsWith(PROMPT))
                .map(line -> line + "\n" + printed(new Command(line.substring(PROMPT.length())), server, namespace))
                .collect(joining("\n"));
    }

    private static String printed(Command command, ApiServer server, String namespace) {
        var words = new ArrayList<>(command.words());
        assertThat(words.remove(0)).isEqualTo("kubectl");
        words.add("-n");
        words.add(namespace);
        return server.kubectl(words.toArray(String[]::new)).stripTrailing();
    }

    /** Columns without their padding and without the age of the object. */
    private static String words(String table) {
        return table.lines()
                .map(line -> line.replaceAll("\\b(\\d+[smhd])+$", "").trim().replaceAll(" +", " "))
                .collect(joining("\n"));
    }
}
