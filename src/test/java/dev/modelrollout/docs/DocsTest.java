package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What holds for every page. */
class DocsTest {

    private static final Pattern TARGET = Pattern.compile("^([a-z][a-z0-9-]*):", Pattern.MULTILINE);
    private static final Pattern RUN_TEST = Pattern.compile("-Dtest=(\\w+)");
    private static final Pattern METRIC = Pattern.compile("\\bmodelrollout_[a-z_]+");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w.}])/(work|home|root|tmp|Users|opt|mnt)/");

    @TestFactory
    Stream<DynamicTest> each_make_target_exists() {
        var targets = Source.find(TARGET, Path.of("Makefile")).collect(Collectors.toSet());
        return forEachPage(page -> assertThat(page.commands())
                .filteredOn(command -> command.program().equals("make"))
                .allSatisfy(
                        command -> assertThat(targets).contains(command.words().get(1))));
    }

    @TestFactory
    Stream<DynamicTest> each_test_that_a_command_runs_exists() {
        var tests = Source.tests();
        return forEachPage(page -> assertThat(page.commands())
                .filteredOn(command -> command.program().equals("mvn"))
                .flatExtracting(command -> RUN_TEST.matcher(command.text())
                        .results()
                        .map(found -> found.group(1))
                        .toList())
                .isSubsetOf(tests));
    }

    @TestFactory
    Stream<DynamicTest> each_link_leads_somewhere() {
        return forEachPage(page -> assertThat(page.links())
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertLeadsSomewhere(page, link)));
    }

    @TestFactory
    Stream<DynamicTest> each_link_leads_to_one_place() {
        return forEachPage(page -> assertThat(page.anchors()).doesNotHaveDuplicates());
    }

    @TestFactory
    Stream<DynamicTest> every_page_can_be_reached_from_the_first() {
        var linked = Page.all().stream()
                .flatMap(page -> page.links().stream().map(link -> target(page, link)))
                .collect(Collectors.toSet());
        return forEachPage(page -> assertThat(linked).contains(page.path()));
    }

    @TestFactory
    Stream<DynamicTest> each_metric_exists() {
        var literals = Source.literals();
        return forEachPage(
                page -> assertThat(METRIC.matcher(page.text()).results().map(found -> found.group()))
                        .isSubsetOf(literals));
    }

    @TestFactory
    Stream<DynamicTest> no_page_speaks_of_one_machine() {
        return forEachPage(page -> assertThat(page.text()).doesNotContainPattern(MACHINE));
    }

    private static void assertLeadsSomewhere(Page page, String link) {
        var target = target(page, link);
        var hash = link.indexOf('#');

        assertThat(target).exists();
        if (hash >= 0) {
            assertThat(Page.of(target.toString()).anchors()).contains(link.substring(hash + 1));
        }
    }

    private static Path target(Page page, String link) {
        var file = link.replaceAll("#.*", "");
        return file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
    }

    private static Stream<DynamicTest> forEachPage(Consumer<Page> test) {
        return Page.all().stream().map(page -> dynamicTest(page.path().toString(), () -> test.accept(page)));
    }
}
