package dev.modelrollout.docs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.operator.Settings;
import dev.modelrollout.rollout.Reason;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocsTest {

    private static final Page TROUBLESHOOTING = Page.of(Path.of("docs/troubleshooting.md"));
    private static final Page CONFIGURATION = Page.of(Path.of("docs/configuration.md"));

    private static final Pattern MAKE = Pattern.compile("(?:`|^)make ([a-z][a-z0-9-]*)", Pattern.MULTILINE);
    private static final Pattern TARGET = Pattern.compile("^([a-z][a-z0-9-]*):", Pattern.MULTILINE);
    private static final Pattern METRIC = Pattern.compile("\\bmodelrollout_[a-z_]+");
    private static final Pattern REGISTERED = Pattern.compile("\"(modelrollout_[a-z_]+)\"");
    private static final Pattern ALERT = Pattern.compile("- alert: ModelRollout(\\w+)");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w.}])/(work|home|root|tmp|Users|opt|mnt)/");

    @TestFactory
    Stream<DynamicTest> each_make_target_exists() throws IOException {
        var targets = all(TARGET, Files.readString(Path.of("Makefile")));
        return forEachPage(page -> assertThat(targets).containsAll(all(MAKE, page.text())));
    }

    @TestFactory
    Stream<DynamicTest> each_link_leads_somewhere() {
        return forEachPage(page -> assertThat(page.links())
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertLeadsSomewhere(page, link)));
    }

    @TestFactory
    Stream<DynamicTest> no_page_speaks_of_one_machine() {
        return forEachPage(page -> assertThat(page.text()).doesNotContainPattern(MACHINE));
    }

    @TestFactory
    Stream<DynamicTest> each_metric_exists() throws IOException {
        var registered = registered();
        return forEachPage(page -> assertThat(registered).containsAll(all(METRIC, page.text())));
    }

    @Test
    void every_metric_is_described() throws IOException {
        assertThat(CONFIGURATION.rows("Metrics"))
                .extracting(row -> row.replaceAll("\\{.*", ""))
                .containsExactlyInAnyOrderElementsOf(registered());
    }

    @Test
    void every_reason_has_a_section_of_its_name_and_there_is_no_other() {
        var reasons = Arrays.stream(Reason.values()).map(Reason::text).toList();

        assertThat(TROUBLESHOOTING.headingsIn("Reasons")).containsExactlyElementsOf(reasons);
    }

    @ParameterizedTest
    @EnumSource
    void a_section_says_who_has_to_act_what_is_shown_why_and_what_to_do(Reason reason) {
        assertThat(TROUBLESHOOTING.section(reason.text()))
                .containsIgnoringCase("\n\n*" + reason.standing() + "*")
                .contains("\n> ", "**Why.**", "**Do.**");
    }

    @Test
    void every_alert_has_a_section_of_its_name() throws IOException {
        var alerts = all(ALERT, Files.readString(Path.of("helm/modelrollout/files/alerts.yaml")));

        assertThat(alerts).isNotEmpty();
        assertThat(TROUBLESHOOTING.headings(3)).containsAll(alerts);
        assertThat(alerts).containsAll(TROUBLESHOOTING.headingsIn("Alerts"));
    }

    @Test
    void every_why_of_a_blind_check_is_explained() {
        var whys = Arrays.stream(Blindness.values()).map(Blindness::text).toList();

        assertThat(TROUBLESHOOTING.rows("Blind")).containsExactlyInAnyOrderElementsOf(whys);
    }

    @Test
    void every_key_of_the_operator_is_described() {
        var keys = Stream.of(
                        keys("modelrollout.", Settings.class),
                        keys("modelrollout.providers.\"NAME\".", Settings.Provider.class),
                        keys("modelrollout.leader-election.", Settings.LeaderElection.class))
                .flatMap(stream -> stream)
                .toList();

        assertThat(CONFIGURATION.rows("Keys")).containsExactlyInAnyOrderElementsOf(keys);
    }

    private static Stream<String> keys(String prefix, Class<?> settings) {
        return Stream.of(settings.getDeclaredMethods())
                .filter(method -> !method.getReturnType().equals(Settings.LeaderElection.class))
                .filter(method -> !method.getName().equals("providers"))
                .map(Method::getName)
                .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
                .map(name -> prefix + (name.equals("headers") ? "headers.\"HEADER\"" : name));
    }

    private static void assertLeadsSomewhere(Page page, String link) {
        var hash = link.indexOf('#');
        var file = hash < 0 ? link : link.substring(0, hash);
        var target =
                file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();

        assertThat(target).exists();
        if (hash >= 0) {
            assertThat(Page.of(target).anchors()).contains(link.substring(hash + 1));
        }
    }

    private static Set<String> registered() throws IOException {
        return all(REGISTERED, Files.readString(Path.of("src/main/java/dev/modelrollout/operator/OwnMetrics.java")));
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.groupCount() == 0 ? found.group() : found.group(1))
                .collect(toCollection(TreeSet::new));
    }

    private interface OnPage {
        void check(Page page);
    }

    private static Stream<DynamicTest> forEachPage(OnPage test) {
        return Page.all().stream()
                .map(page -> DynamicTest.dynamicTest(page.path().toString(), () -> test.check(page)));
    }
}
