package dev.modelrollout.docs;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Reason.Standing;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** README and its longer sister, architecture, say of the code what it is. */
class ReadmeTest {

    private static final Page ARCHITECTURE = Page.of("docs/architecture.md");
    private static final Pattern PROOF = Pattern.compile("`(make [\\w-]+|\\w+Test)`");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern ANCHOR = Pattern.compile("\\[(\\w+)]");

    @Test
    void the_first_two_commands_are_the_demo_and_the_tests() {
        assertThat(Page.README.commands()).startsWith(new Command("make demo"), new Command("make test"));
    }

    @Test
    void the_phases_are_the_states_in_which_the_live_version_is_known() {
        var states = Stream.of(Known.class.getPermittedSubclasses()).map(Class::getSimpleName);

        assertThat(Page.README.section("Phases").keys()).containsExactlyElementsOf(states.toList());
    }

    @Test
    void the_states_are_these_and_one_before_them() {
        var states = Stream.concat(
                Stream.of("Unseen"),
                Stream.of(Known.class.getPermittedSubclasses()).map(Class::getSimpleName));

        assertThat(ARCHITECTURE.section("States").keys()).containsExactlyElementsOf(states.toList());
    }

    @ParameterizedTest
    @CsvSource({"READY, Ready", "RECONCILING, Reconciling", "STALLED, Stalled"})
    void the_reasons_stand_beside_their_condition(Standing standing, String condition) {
        var reasons = Arrays.stream(Reason.values())
                .filter(reason -> reason.standing() == standing)
                .map(Reason::text)
                .toList();

        assertThat(Page.README.section("Reasons").rows())
                .filteredOn(row -> row.get(0).contains("`" + condition + "`"))
                .singleElement()
                .satisfies(
                        row -> assertThat(ANCHOR.matcher(row.get(1)).results().map(link -> link.group(1)))
                                .containsExactlyElementsOf(reasons));
    }

    @ParameterizedTest
    @ValueSource(strings = {"When things go wrong", "What it is tested with"})
    void each_row_names_what_shows_it(String section) {
        var tests = Source.tests();

        assertThat(Page.README.section(section).rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(
                                PROOF.matcher(row.get(row.size() - 1)).results().map(proof -> proof.group(1)))
                        .isNotEmpty()
                        .allMatch(proof -> proof.startsWith("make ") || tests.contains(proof)));
    }

    @TestFactory
    Stream<DynamicTest> the_table_of_packages_lists_them_all() {
        return Stream.of(Page.README, ARCHITECTURE)
                .map(page -> DynamicTest.dynamicTest(
                        page.path().toString(),
                        () -> assertThat(page.section("Packages").keys())
                                .containsExactlyInAnyOrderElementsOf(Source.packages())));
    }

    @Test
    void the_table_of_packages_says_who_imports_whom() {
        assertThat(ARCHITECTURE.section("Packages").rows())
                .allSatisfy(row -> assertThat(codeIn(row.get(2)))
                        .as(row.get(0))
                        .isEqualTo(Source.imports(codeIn(row.get(0)).iterator().next())));
    }

    private static Set<String> codeIn(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).collect(toSet());
    }
}
