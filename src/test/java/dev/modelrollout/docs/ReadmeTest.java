package dev.modelrollout.docs;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/modelrollout");
    private static final Path ARCHITECTURE = Path.of("docs/architecture.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?dev\\.modelrollout\\.([a-z0-9.]+)\\.[A-Z]", Pattern.MULTILINE);
    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+Test)`");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/architecture.md"})
    void the_package_table_lists_the_packages(String page) throws IOException {
        try (var files = Files.walk(SOURCES)) {
            var packages = files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .toList();

            assertThat(Page.of(Path.of(page)).rows("Packages")).containsExactlyInAnyOrderElementsOf(packages);
        }
    }

    @Test
    void the_first_two_commands_are_the_demo_and_the_tests() {
        assertThat(Page.README.commands()).startsWith("make demo", "make test");
    }

    @Test
    void the_architecture_page_knows_what_each_package_imports() throws IOException {
        var rows = Page.of(ARCHITECTURE)
                .section("Packages")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();

        for (var row : rows) {
            var named = CODE.matcher(row).results().map(code -> code.group(1)).toList();
            assertThat(imports(named.get(0)))
                    .as(row)
                    .containsExactlyInAnyOrderElementsOf(
                            CODE.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)))
                                    .results()
                                    .map(code -> code.group(1))
                                    .toList());
        }
    }

    /** The packages of ours that this one names in its imports. */
    private static Set<String> imports(String name) throws IOException {
        try (var files = Files.list(SOURCES.resolve(name.replace('.', '/')))) {
            var imports = new TreeSet<String>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                IMPORT.matcher(Files.readString(file)).results().forEach(found -> imports.add(found.group(1)));
            }
            imports.remove(name);
            return imports;
        }
    }

    @Test
    void the_phases_are_the_states_in_which_the_live_version_is_known() {
        var states = Stream.of(Known.class.getPermittedSubclasses()).map(Class::getSimpleName);

        assertThat(Page.README.rows("Phases")).containsExactlyInAnyOrderElementsOf(states.toList());
    }

    @Test
    void the_reasons_are_the_enum() {
        assertThat(Page.README.rows("Reasons")).containsExactlyElementsOf(texts());
    }

    @Test
    void each_row_of_the_support_matrix_names_a_test_that_exists() throws IOException {
        var rows = Page.README
                .section("What it is tested with")
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();
        var tests = tests();

        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(TEST_NAME.matcher(row).results().map(name -> name.group(1)))
                        .isNotEmpty()
                        .isSubsetOf(tests));
    }

    @Test
    @NeedsApiServer
    void a_rollback_looks_as_kubectl_shows_it(ApiServer server) {
        var seen = RolledBackExample.shown(server);

        var block = Page.README.blocks("").stream()
                .map(Page.Block::text)
                .filter(text -> text.startsWith("$ kubectl get mro\n"))
                .findFirst()
                .orElseThrow();
        assertThat(words(block)).isEqualTo(words(seen));
    }

    /** Columns without their padding and without the age of the object. */
    private static String words(String table) {
        return table.lines()
                .map(line -> line.replaceAll("\\b(\\d+[smhd])+$", "").trim().replaceAll(" +", " "))
                .collect(joining("\n"));
    }

    private static Set<String> tests() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Test.java"))
                    .map(file -> file.replace(".java", ""))
                    .collect(toCollection(TreeSet::new));
        }
    }

    private static List<String> texts() {
        return Arrays.stream(Reason.values()).map(Reason::text).toList();
    }
}
