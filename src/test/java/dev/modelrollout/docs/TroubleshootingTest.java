package dev.modelrollout.docs;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TroubleshootingTest {

    private static final Page PAGE = Page.of("docs/troubleshooting.md");
    private static final Path ALERTS = Path.of("helm/modelrollout/files/alerts.yaml");

    private static final Pattern ALERT = Pattern.compile("- alert: ModelRollout(\\w+)");
    private static final Pattern CONDITION = Pattern.compile("(?:set|unlessSet)\\(\\s*\"(\\w+)\"");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\b(?:[A-Z]{2,}|N)\\b");

    private static final Set<String> TEXTS = Source.literals();

    @Test
    void every_reason_has_a_section_and_there_is_no_other() {
        var reasons = Arrays.stream(Reason.values()).map(Reason::text).toList();

        assertThat(PAGE.section("Reasons").headings(3)).containsExactlyElementsOf(reasons);
    }

    @Test
    void every_reason_shows_its_messages() {
        var silent = PAGE.section("Reasons").headings(3).stream()
                .filter(reason -> PAGE.section(reason).quotes().isEmpty());

        assertThat(silent).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> the_operator_can_say_each_message() {
        return PAGE.quotes().stream()
                .map(message -> dynamicTest(
                        message,
                        () -> assertThat(constants(message)).isNotEmpty().allMatch(this::isMadeOfTexts)));
    }

    private static List<String> constants(String message) {
        return PLACEHOLDER.splitAsStream(message).filter(not(String::isBlank)).toList();
    }

    private boolean isMadeOfTexts(String constant) {
        return TEXTS.stream().anyMatch(text -> text.contains(constant) || isMadeFrom(text, constant));
    }

    /** Whether a constant begins with the end of this text, and goes on with others. */
    private boolean isMadeFrom(String text, String constant) {
        for (var length = Math.min(text.length(), constant.length()); length > 0; length--) {
            if (text.endsWith(constant.substring(0, length)) && goesOn(constant.substring(length))) {
                return true;
            }
        }
        return false;
    }

    private boolean goesOn(String rest) {
        return TEXTS.stream()
                .anyMatch(text ->
                        text.startsWith(rest) || (rest.startsWith(text) && goesOn(rest.substring(text.length()))));
    }

    @Test
    void every_condition_is_explained() {
        var types = Source.find(CONDITION, Source.MAIN.resolve("reconcile/Conditions.java"));

        assertThat(PAGE.section("Conditions").keys()).hasSameElementsAs(types.toList());
    }

    @Test
    void every_action_of_an_event_is_explained() {
        var actions = Arrays.stream(Move.Action.values()).map(Move.Action::text).toList();

        assertThat(PAGE.section("Events").keys()).containsExactlyElementsOf(actions);
    }

    @Test
    void every_why_of_a_blind_check_is_explained() {
        var whys = Arrays.stream(Blindness.values()).map(Blindness::text).toList();

        assertThat(PAGE.section("Blind").keys()).containsExactlyElementsOf(whys);
    }

    @Test
    void every_obstacle_at_the_gateway_is_one_that_it_can_name() {
        assertThat(PAGE.section("RouteNotProgrammed").keys())
                .flatExtracting(TroubleshootingTest::constants)
                .allMatch(this::isMadeOfTexts);
    }

    @Test
    void every_alert_has_a_section() {
        var alerts = Source.find(ALERT, ALERTS).toList();

        assertThat(alerts).isNotEmpty().isSubsetOf(PAGE.headings(3));
        assertThat(PAGE.section("Alerts").headings(3)).isSubsetOf(alerts);
    }
}
