package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a reader types works: kubectl is run, writes as a dry run; Helm renders what it would install. */
class CommandsTest {

    private static final Path GETTING_STARTED = Path.of("docs/getting-started.md");
    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|[^\\s'])+");
    private static final Pattern NAMED_TEST = Pattern.compile("-Dtest=(\\w+)");
    private static final Set<String> PROGRAMS = Set.of("kubectl", "helm", "make", "mvn", "docker");
    private static final Set<String> WRITES = Set.of("apply", "patch", "delete");
    /** They ask pods, and no container runs here. */
    private static final Set<String> OF_PODS = Set.of("rollout", "logs");

    /** Both ways that a script waits for have an end. */
    private static final String BOTH_ENDS = """
            {"status":{"observedGeneration":1,"conditions":[
            {"type":"Ready","status":"True","reason":"Live","lastTransitionTime":"2026-01-05T10:00:00Z"},
            {"type":"Stalled","status":"True","reason":"Live","lastTransitionTime":"2026-01-05T10:00:00Z"}]}}""";

    @TestFactory
    @NeedsApiServer
    Stream<DynamicTest> kubectl_takes_each_command(ApiServer server, @TempDir Path folder) {
        var namespace = stage(server, folder);
        return commands("kubectl")
                .filter(words -> !OF_PODS.contains(words.get(1)))
                .map(words -> dynamicTest(
                        String.join(" ", words),
                        () -> server.kubectl(tried(words, namespace).toArray(String[]::new))));
    }

    @TestFactory
    Stream<DynamicTest> helm_takes_each_command(@TempDir Path folder) {
        return Page.all().stream()
                .flatMap(page -> page.commands()
                        .map(CommandsTest::words)
                        .filter(words -> words.get(0).equals("helm"))
                        .filter(words -> !words.get(1).equals("uninstall"))
                        .map(words -> dynamicTest(String.join(" ", words), () -> assertInstalls(page, words, folder))));
    }

    @Test
    void each_command_is_of_a_program_that_the_reader_has() {
        assertThat(Page.all())
                .flatExtracting(page -> page.commands().toList())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(PROGRAMS)
                        .contains(words(command.replaceFirst("^[A-Z_]+=\\S+ ", ""))
                                .get(0)));
    }

    @Test
    void each_test_that_a_command_names_exists() {
        assertThat(Page.all())
                .flatExtracting(
                        page -> NAMED_TEST.matcher(page.text()).results().toList())
                .isNotEmpty()
                .extracting(MatchResult.class::cast)
                .extracting(found -> found.group(1))
                .allSatisfy(test -> assertThat(Path.of("src/test/java"))
                        .isDirectoryRecursivelyContaining("glob:**/" + test + ".java"));
    }

    /** The namespace that a reader of "Getting started" has made. */
    private static String stage(ApiServer server, Path folder) {
        server.install(Crds.all());
        server.kubectl("apply", "-f", "deploy/namespace.yaml");
        var namespace = server.newNamespace();
        Page.of(GETTING_STARTED)
                .manifests()
                .forEach(block -> server.kubectl(
                        "apply", "-n", namespace, "-f", block.in(folder).toString()));
        server.kubectl(
                "patch", "mro", "chat", "-n", namespace, "--subresource=status", "--type=merge", "-p", BOTH_ENDS);
        return namespace;
    }

    private static List<String> tried(List<String> words, String namespace) {
        var tried = new ArrayList<>(words.subList(1, words.size()));
        tried.replaceAll(word -> word.replaceFirst("^--timeout=.*", "--timeout=10s"));
        tried.remove("--watch");
        if (WRITES.contains(tried.get(0))) {
            tried.add("--dry-run=server");
        }
        if (tried.contains("--server-side")) {
            tried.add("--force-conflicts"); // another test may own the CRDs
        }
        if (!tried.contains("-n") && !tried.contains("-A") && !tried.contains("-k")) {
            tried.addAll(List.of("-n", namespace));
        }
        return tried;
    }

    private static void assertInstalls(Page page, List<String> words, Path folder) {
        var install = new Helm(Path.of(words.get(3)))
                .template()
                .withName(words.get(2))
                .withNamespace(after("-n", words))
                .withKubeVersion("1.30.0");
        var expected = new ArrayList<>(List.of("kind: Deployment"));
        for (var i = 4; i < words.size() - 1; i++) {
            if (words.get(i).equals("--set")) {
                var setting = words.get(i + 1).split("=", 2);
                install.set(setting[0], setting[1]);
                expected.add(setting[1]);
            }
        }
        if (words.contains("-f")) {
            install.withValuesFile(page.values().findFirst().orElseThrow().in(folder));
        }

        assertThat(install.call()).contains(expected);
    }

    private static String after(String option, List<String> words) {
        return words.get(words.indexOf(option) + 1);
    }

    private static Stream<List<String>> commands(String program) {
        return Page.all().stream()
                .flatMap(Page::commands)
                .distinct()
                .map(CommandsTest::words)
                .filter(words -> words.get(0).equals(program));
    }

    private static List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group().replace("'", ""))
                .toList();
    }
}
