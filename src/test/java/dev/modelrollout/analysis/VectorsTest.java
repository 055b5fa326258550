package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.RawCounters.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The numbers of the executable specification, case by case. */
class VectorsTest {

    private static final double TOLERANCE = 1e-9;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final JsonNode VECTORS = read();

    @TestFactory
    Stream<DynamicTest> agrees_with() {
        assertThat(VECTORS).isNotEmpty();
        return elements(VECTORS).map(vector -> dynamicTest(title(vector), () -> follows(vector)));
    }

    private static void follows(JsonNode vector) {
        var kind = vector.get("kind").asText();
        switch (kind) {
            case "count" -> count(vector);
            case "ratio" -> ratio(vector);
            case "mean" -> mean(vector);
            case "sign" -> sign(vector);
            case "interval" -> interval(vector);
            case "risk_weight" -> riskWeight(vector);
            case "combine" -> combine(vector);
            case "eta" -> eta(vector);
            case "history" -> history(vector);
            case "increase" -> increase(vector);
            case "plain" -> plain(vector);
            case "ratio_rule" -> ratioRule(vector);
            default -> throw new AssertionError("unknown kind " + kind);
        }
    }

    private static void count(JsonNode vector) {
        var tests = tests(vector);
        var evidence = tests.start(prior(vector));
        for (var window : vector.get("windows")) {
            agree(evidence.experience().pair().dispersion().phi(), window.get("phi_pair"));
            agree(solo(vector, evidence).dispersion().phi(), window.get("phi_solo"));
            evidence = after(tests, evidence, window);
            agree(evidence.stakes().get(0).logE(), window.get("log_e"));
        }
        finallyIs(vector, evidence);
    }

    private static void finallyIs(JsonNode vector, CountEvidence evidence) {
        var last = vector.get("final");
        agree(evidence.stakes().get(0).logs(), last.get("logM"));
        agree(evidence.stakes().get(0).logCash(), last.get("logCash"));
        var comparison = evidence.experience().pair().comparison();
        agree(
                numbers(
                        evidence.experience().pair().dispersion(),
                        comparison.candidate(),
                        comparison.stable(),
                        comparison.variance()),
                last.get("pair"));
        var solo = solo(vector, evidence);
        agree(numbers(solo.dispersion(), solo.seen().bad(), solo.seen().total()), last.get("solo"));
    }

    private static List<Double> numbers(Dispersion d, Double... others) {
        return Stream.concat(
                        Stream.of(d.squares(), d.weights(), d.products(), d.lastResidual(), d.lastWeight()),
                        Stream.of(others))
                .toList();
    }

    private static SoloNoise solo(JsonNode vector, CountEvidence evidence) {
        var experience = evidence.experience();
        return number(vector, "rho") == 0 ? experience.candidate() : experience.stable();
    }

    static Stream<JsonNode> countCases() {
        return elements(VECTORS).filter(vector -> vector.get("kind").asText().equals("count"));
    }

    static CountTests tests(JsonNode vector) {
        var claim = vector.get("direction").asText().equals("HARM") ? Claim.CANDIDATE_HARMFUL : Claim.CANDIDATE_SAFE;
        return new CountTests(
                List.of(new CountTest(claim, new NullHypothesis(number(vector, "rho"), number(vector, "delta")))));
    }

    static NoisePrior prior(JsonNode vector) {
        return NoisePrior.same(new Prior(number(vector, "phi0"), number(vector, "r0"), number(vector, "nu0")));
    }

    static CountEvidence after(CountTests tests, CountEvidence before, JsonNode window) {
        return tests.after(before, counts(window, "kc", "nc"), counts(window, "ks", "ns"), true)
                .orElseThrow();
    }

    private static void ratio(JsonNode vector) {
        var about = countCases()
                .filter(one -> one.get("name").equals(vector.get("after")))
                .findFirst()
                .orElseThrow();
        var evidence = tests(about).start(prior(about));
        for (var window : about.get("windows")) {
            evidence = after(tests(about), evidence, window);
        }
        var ratio = RatioEstimate.of(evidence.experience());
        agree(ratio.value(), vector.get("estimate"));
        agree(ratio.interval(), vector);
    }

    private static void mean(JsonNode vector) {
        var test = new MeanTest(number(vector, "rho"), number(vector, "delta"));
        var stakes = MeanTest.start();
        var seen = ScoreHistory.NONE;
        for (var window : vector.get("windows")) {
            stakes = test.after(stakes, scores(window, "c"), scores(window, "s"), seen);
            seen = seen.after(scores(window, "c"), scores(window, "s")).orElseThrow();
            agree(stakes.logE(), window.get("log_e"));
        }
    }

    private static Scores scores(JsonNode window, String version) {
        return new Scores(number(window, "y" + version), number(window, "q" + version), number(window, "n" + version));
    }

    private static void sign(JsonNode vector) {
        var test = new SignTest(number(vector, "margin"));
        var stakes = SignTest.start();
        for (var window : vector.get("windows")) {
            stakes = test.after(stakes, number(window, "cand"), number(window, "stable"));
            agree(stakes.logE(), window.get("log_e"));
        }
    }

    private static void interval(JsonNode vector) {
        agree(Interval.ofShare(counts(vector, "k", "n"), number(vector, "alpha")), vector);
    }

    private static void riskWeight(JsonNode vector) {
        var ramp = new RiskRamp(
                number(vector, "r"), number(vector, "wmin"), number(vector, "wmax"), number(vector, "grow"));
        var worst = Interval.ofShare(counts(vector, "k_eff", "n_eff"), 0.05).high();
        var weight =
                ramp.weight(number(vector, "w"), worst - number(vector, "stable_rate"), number(vector, "evidence"));
        agree(weight, vector.get("expected"));
    }

    private static void combine(JsonNode vector) {
        var logs = elements(vector.get("logs")).map(JsonNode::asDouble).toList();
        agree(LogSumExp.mean(logs), vector.get("expected"));
    }

    private static void eta(JsonNode vector) {
        var outlook = new Outlook(
                new NullHypothesis(number(vector, "rho"), number(vector, "delta")),
                number(vector, "nc"),
                number(vector, "ns"),
                number(vector, "p"),
                number(vector, "p"),
                number(vector, "phi"));
        var bets = Claim.CANDIDATE_SAFE.bets();
        var missing = number(vector, "target") + bets.spread();
        agree(outlook.windows(missing, bets), vector.get("expected"));
    }

    private static void history(JsonNode vector) {
        var past = elements(vector.get("halves"))
                .map(halves -> new Halves(counts(halves, 0), counts(halves, 2)))
                .toList();
        var prior = NoisePrior.fromHistory(past).orElseThrow();
        agree(prior.pair(), vector.get("pair"));
        agree(prior.solo(), vector.get("solo"));
    }

    private static void increase(JsonNode vector) {
        var counts = raw(vector.get("before")).until(raw(vector.get("after"))).orElseThrow();
        agree(counts.bad(), vector.get("bad"));
        agree(counts.total(), vector.get("total"));
    }

    private static RawCounters raw(JsonNode instances) {
        var samples = new HashMap<String, Sample>();
        instances
                .fields()
                .forEachRemaining(instance -> samples.put(
                        instance.getKey(),
                        new Sample(
                                numberOrNull(instance.getValue(), "bad"), numberOrNull(instance.getValue(), "total"))));
        return new RawCounters(samples);
    }

    private static void plain(JsonNode vector) {
        var check = new PlainCheck(
                new Limits(range(vector, "min", "max"), range(vector, "min_difference", "max_difference")),
                vector.get("failures").asInt());
        var evidence = Evidence.none(START);
        var tick = START;
        for (var reading : vector.get("readings")) {
            tick = tick.plusSeconds(15);
            var answers = new Reading(
                    answer(tick, numberOrNull(reading, "candidate")), answer(tick, numberOrNull(reading, "stable")));
            evidence = check.fold(evidence, answers, START);
            assertThat(check.verdict(evidence).text())
                    .isEqualTo(reading.get("verdict").asText());
        }
    }

    private static Range range(JsonNode vector, String min, String max) {
        return new Range(
                vector.path(min).asDouble(Double.NEGATIVE_INFINITY),
                vector.path(max).asDouble(Double.POSITIVE_INFINITY));
    }

    private static Answer answer(Instant tick, @Nullable Double value) {
        return value == null ? new Answer.Missing(tick, Blindness.NO_DATA) : new Answer.Value(tick, value);
    }

    private static void ratioRule(JsonNode vector) {
        var rule = new RatioRule(
                number(vector, "threshold"),
                vector.get("step").asInt(),
                vector.get("ceiling").asInt());
        assertThat(rule.next(vector.get("weight").asInt(), numberOrNull(vector, "difference")))
                .isEqualTo(vector.get("expected").asInt());
    }

    private static void agree(Interval got, JsonNode vector) {
        agree(got.low(), vector.get("lo"));
        agree(got.high(), vector.get("hi"));
    }

    private static void agree(Prior got, JsonNode expected) {
        agree(got.phi(), expected.get("phi"));
        agree(got.correlation(), expected.get("r"));
    }

    private static void agree(List<Double> got, JsonNode expected) {
        assertThat(got).hasSize(expected.size());
        for (var i = 0; i < got.size(); i++) {
            agree(got.get(i), expected.get(i));
        }
    }

    /** {@code null} stands for minus infinity. */
    private static void agree(double got, JsonNode expected) {
        if (expected.isNull()) {
            assertThat(got).isEqualTo(Double.NEGATIVE_INFINITY);
        } else {
            var number = expected.asDouble();
            assertThat(Math.abs(got - number))
                    .as("got %s, expected %s", got, number)
                    .isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(number)));
        }
    }

    private static Counts counts(JsonNode node, String bad, String total) {
        return new Counts(number(node, bad), number(node, total));
    }

    private static Counts counts(JsonNode halves, int first) {
        return new Counts(halves.get(first).asDouble(), halves.get(first + 1).asDouble());
    }

    private static double number(JsonNode node, String field) {
        var number = node.get(field);
        assertThat(number.isNumber()).as(field).isTrue();
        return number.asDouble();
    }

    private static @Nullable Double numberOrNull(JsonNode node, String field) {
        return node.get(field).isNull() ? null : (Double) number(node, field);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String title(JsonNode vector) {
        var name = vector.path("name").asText(vector.path("after").asText(""));
        return vector.get("kind").asText() + " " + (name.isEmpty() ? vector.toString() : name);
    }

    private static JsonNode read() {
        try (var file = Objects.requireNonNull(VectorsTest.class.getResourceAsStream("/analysis/vectors.json"))) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
