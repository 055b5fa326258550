package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTemplateTest {

    /** A string of PromQL: everything up to the first quote that no backslash hides. */
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

    private static final String CLUSTERS = "httproute/serving/chat/rule/0/backend/1";
    private static final ModelVersion V2 = new ModelVersion("v2", "chat-v2", Backend.service("chat-svc"));

    @Test
    void fills_in_each_variable() {
        var query = new QueryTemplate(
                "up{n=\"$namespace\",v=\"$version\",d=\"$deployment\",s=\"$service\",c=~\"$clusters\"}");

        assertThat(query.fill("serving", V2, CLUSTERS))
                .isEqualTo("up{n=\"serving\",v=\"v2\",d=\"chat-v2\",s=\"chat-svc\",c=~\"" + CLUSTERS + "\"}");
    }

    @Test
    void pods_match_those_of_the_deployment_and_no_other() {
        var filled = new QueryTemplate("up{pod=~\"$pods\"}").fill("serving", V2, CLUSTERS);

        assertThat(Stream.of("chat-v2-6d4b75cb6d-x7k2p", "chat-v2-extra-6d4b75cb6d-x7k2p", "chat-v2", "chat-v2-0")
                        .filter(unquoted(filled).asMatchPredicate()))
                .containsExactly("chat-v2-6d4b75cb6d-x7k2p");
    }

    @Test
    void pods_have_two_generated_parts_of_the_lengths_that_kubernetes_gives_them() {
        var pods = unquoted(new QueryTemplate("up{pod=~\"$pods\"}").fill("serving", V2, CLUSTERS))
                .asMatchPredicate();

        assertThat(Stream.of("chat-v2-6d4b7-x7k2p", "chat-v2-6d4b75cb6-x7k2p", "chat-v2-6d4b75cb6d-x7k2p"))
                .allMatch(pods);
        assertThat(Stream.of(
                        "chat-v2-6d4b-x7k2p",
                        "chat-v2-6d4b75cb6d2-x7k2p",
                        "chat-v2-6d4b75cb6d-x7k2",
                        "chat-v2-6d4b75cb6d-x7k2pz",
                        "chat-v2-6d4b75cb6d-route",
                        "chat-v2-extra-x7k2p"))
                .noneMatch(pods);
    }

    @Test
    void a_dot_in_a_name_matches_only_a_dot() {
        var filled = new QueryTemplate("up{pod=~\"$pods\"}").fill("serving", version("chat.v2"), CLUSTERS);

        assertThat(unquoted(filled).matcher("chatXv2-6d4b75cb6d-x7k2p").matches())
                .isFalse();
        assertThat(unquoted(filled).matcher("chat.v2-6d4b75cb6d-x7k2p").matches())
                .isTrue();
    }

    @TestFactory
    Stream<DynamicTest> a_hostile_name_stays_inside_its_string() {
        var hostile = Map.of(
                "a closing brace and another query", "x\"} or vector(1) #",
                "a backslash at the end", "x\\",
                "an escaped quote", "x\\\"",
                "a line break", "x\n} or vector(1)",
                "another variable", "$version",
                "a group of a replacement", "$1 \\1");
        return hostile.entrySet().stream()
                .flatMap(name -> Stream.of("namespace", "version", "deployment", "service", "pods", "clusters")
                        .map(variable -> dynamicTest(name.getKey() + " in $" + variable, () -> {
                            var query = new QueryTemplate("up{a=\"$" + variable + "\",b=\"end\"}");

                            var filled = query.fill(name.getValue(), version(name.getValue()), name.getValue());

                            assertThat(STRING.matcher(filled).replaceAll("S")).isEqualTo("up{a=S,b=S}");
                        })));
    }

    @Test
    void a_hostile_name_is_matched_as_it_is() {
        var filled = new QueryTemplate("up{v=\"$version\"}").fill("serving", version("a\"b\\c\nd"), CLUSTERS);

        assertThat(filled).isEqualTo("up{v=\"a\\\"b\\\\c\\nd\"}");
    }

    @Test
    void a_dollar_before_anything_but_a_letter_is_literal() {
        var query = new QueryTemplate("label_replace(up{v=\"$version\"}, \"a\", \"$1\", \"b\", \"(.*)$\")");

        assertThat(query.violation(List.of(V2))).isEmpty();
        assertThat(query.fill("serving", V2, CLUSTERS))
                .isEqualTo("label_replace(up{v=\"v2\"}, \"a\", \"$1\", \"b\", \"(.*)$\")");
    }

    @Test
    void a_variable_may_follow_another() {
        assertThat(new QueryTemplate("up{v=\"$version$deployment\"}").fill("serving", V2, CLUSTERS))
                .isEqualTo("up{v=\"v2chat-v2\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "_", "0", "9"})
    void a_name_goes_on_with_letters_digits_and_underscores(String sign) {
        var query = new QueryTemplate("up{v=\"$version" + sign + "\"}");

        assertThat(query.violation(List.of(V2)))
                .hasValueSatisfying(why -> assertThat(why).contains("$version" + sign));
        assertThatThrownBy(() -> query.fill("serving", V2, CLUSTERS)).hasMessage("unknown variable $version" + sign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"`", "{", "@", "[", "/", ":", "-", "."})
    void a_name_ends_before_any_other_sign(String sign) {
        assertThat(new QueryTemplate("up{v=\"$version" + sign + "\"}").fill("serving", V2, CLUSTERS))
                .isEqualTo("up{v=\"v2" + sign + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z"})
    void a_name_begins_with_a_letter(String sign) {
        assertThatThrownBy(() -> new QueryTemplate("up{v=\"$" + sign + "\"}").fill("serving", V2, CLUSTERS))
                .hasMessage("unknown variable $" + sign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"`", "{", "@", "[", "_", "0", "9"})
    void a_dollar_before_another_sign_is_literal(String sign) {
        assertThat(new QueryTemplate("up{v=\"$" + sign + "\"}").fill("serving", V2, CLUSTERS))
                .isEqualTo("up{v=\"$" + sign + "\"}");
    }

    @Test
    void a_rate_is_told_from_a_text_that_names_one() {
        assertThat(new QueryTemplate("sum(rate(x{a=\"irate(\"}[5m]))").rateFunction())
                .hasValue("rate");
        assertThat(new QueryTemplate("x{a=\"rate(\"}").rateFunction()).isEmpty();
        assertThat(new QueryTemplate("rate(x{a=\"" + "long".repeat(1_000_000) + "\"}[5m])").rateFunction())
                .contains("rate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate", "irate", "increase"})
    void what_makes_a_rate_of_counters_is_known(String function) {
        assertThat(new QueryTemplate("sum(" + function + " (x[5m]))").rateFunction())
                .hasValue(function);
        assertThat(new QueryTemplate("my_" + function + "(x)").rateFunction()).isEmpty();
        assertThat(new QueryTemplate(function + "_total").rateFunction()).isEmpty();
    }

    @Test
    void a_query_without_variables_is_left_as_it_is() {
        assertThat(new QueryTemplate("up{a=\"\\\\d\"} / 2").fill("serving", V2, CLUSTERS))
                .isEqualTo("up{a=\"\\\\d\"} / 2");
    }

    @Test
    void a_variable_outside_a_string_is_refused() {
        var query = new QueryTemplate("up{v=\"a\"} * $version");

        assertThat(query.violation(List.of(V2)))
                .hasValueSatisfying(why -> assertThat(why).contains("$version", "outside", "label=\"$version\""));
    }

    @Test
    void a_quote_that_a_backslash_hides_ends_no_string() {
        assertThat(new QueryTemplate("up{v=\"a\\\"$version\"}").violation(List.of(V2)))
                .isEmpty();
        assertThat(new QueryTemplate("up{v=\"a\\\\\"} * $version").violation(List.of(V2)))
                .isPresent();
    }

    @Test
    void an_unknown_variable_is_refused_with_the_known_ones() {
        var query = new QueryTemplate("up{v=\"$pod\"}");

        assertThat(query.violation(List.of(V2)))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("$pod;", "$clusters", "$deployment", "$namespace", "$pods", "$service", "$version"));
    }

    @Test
    void pods_of_a_deployment_whose_name_is_cut_are_refused() {
        var query = new QueryTemplate("up{pod=~\"$pods\"}");

        assertThat(query.violation(List.of(version("a".repeat(46))))).isEmpty();
        assertThat(query.violation(List.of(V2, version("a".repeat(47)))))
                .hasValueSatisfying(why -> assertThat(why).contains("a".repeat(47), "46"));
    }

    @Test
    void a_long_name_hinders_no_query_without_pods() {
        assertThat(new QueryTemplate("up{v=\"$version\"}").violation(List.of(version("a".repeat(47)))))
                .isEmpty();
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, name, Backend.service(name));
    }

    /** The regular expression in the only string of the query, as the server reads it. */
    private static Pattern unquoted(String query) {
        var string = STRING.matcher(query);
        assertThat(string.find()).isTrue();
        return Pattern.compile(string.group(1).replace("\\\\", "\\"));
    }
}
