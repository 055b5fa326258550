package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the pages tell people to type is run: kubectl on a real API server without leaving a trace, Helm by its library. */
class CommandsTest {

    private static final Set<String> WRITES = Set.of("apply", "patch", "delete");
    private static final Path VALUES = Path.of("values.yaml");

    @Test
    void the_programs_are_ones_that_are_looked_at() {
        assertThat(commands()).extracting(Command::program).containsOnly("make", "mvn", "kubectl", "helm", "docker");
    }

    @Test
    void docker_builds_from_what_is_there() {
        assertThat(of("docker"))
                .filteredOn(command -> command.words().contains("-f"))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(Path.of(after("-f", command))).exists());
    }

    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> kubectl_takes_each_command(ApiServer server) {
        server.install(Crds.all());
        var namespace = server.newNamespace();
        server.kubectl("apply", "-n", namespace, "-f", "deploy/samples/ladder.yaml");
        server.kubectl("apply", "--server-side", "--force-conflicts", "-k", "deploy");
        return of("kubectl").map(command -> dynamicTest(command.text(), () -> run(server, namespace, command)));
    }

    private static void run(ApiServer server, String namespace, Command command) {
        var words = new ArrayList<>(command.words().subList(1, command.words().size()));
        var verb = words.get(0);
        words.add("--warnings-as-errors");
        if (Collections.disjoint(words, Set.of("-n", "-A", "-k"))) {
            words.addAll(List.of("-n", namespace));
        }
        if (verb.equals("wait")) {
            assertWaits(server, words);
            return;
        }
        if (WRITES.contains(verb)) {
            words.add("--dry-run=server");
        }
        if (verb.equals("rollout")) {
            words.add("--watch=false");
        }
        if (verb.equals("logs")) {
            words.add("--help");
        }
        server.kubectl(words.toArray(String[]::new));
    }

    /** Nobody fulfils the condition here. */
    private static void assertWaits(ApiServer server, List<String> words) {
        words.add("--timeout=1s");
        assertThatThrownBy(() -> server.kubectl(words.toArray(String[]::new)))
                .hasMessageContaining("timed out waiting for the condition");
    }

    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> a_cluster_takes_what_helm_renders(ApiServer server, @TempDir Path folder) throws IOException {
        server.kubectl("apply", "--server-side", "--force-conflicts", "-k", "deploy");
        var values = Files.writeString(
                folder.resolve(VALUES),
                Page.of("docs/getting-started.md").blocks("yaml").get(0).text());
        return of("helm")
                .filter(command -> !command.words().get(1).equals("uninstall"))
                .map(command -> dynamicTest(
                        command.text(),
                        () -> server.kubectl(
                                "apply",
                                "--dry-run=server",
                                "-f",
                                Files.writeString(folder.resolve("rendered.yaml"), rendered(command, values))
                                        .toString())));
    }

    /** What Helm makes of the same options, all of which have to be known. */
    private static String rendered(Command command, Path values) {
        var words = command.words().iterator();
        assertThat(words.next()).isEqualTo("helm");
        assertThat(words.next()).isIn("install", "upgrade");
        var name = words.next();
        var template = new Helm(Path.of(words.next())).template().withName(name).withKubeVersion("1.30.0");
        while (words.hasNext()) {
            switch (words.next()) {
                case "-n" -> template.withNamespace(words.next());
                case "--set" -> set(template, words.next());
                case "-f" -> {
                    assertThat(Path.of(words.next())).isEqualTo(VALUES);
                    template.withValuesFile(values);
                }
                case "--create-namespace" -> {}
                default -> throw new AssertionError(command.text());
            }
        }
        return template.call();
    }

    private static void set(TemplateCommand template, String assignment) {
        var equals = assignment.indexOf('=');
        template.set(assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    private static String after(String option, Command command) {
        return command.words().get(command.words().indexOf(option) + 1);
    }

    private static Stream<Command> of(String program) {
        return commands().filter(command -> command.program().equals(program));
    }

    private static Stream<Command> commands() {
        return Page.all().stream().flatMap(page -> page.commands().stream()).distinct();
    }
}
