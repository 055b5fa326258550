package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is measured of each version, and the limits that the candidate has to keep. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.query), has(self.counts), has(self.latency), has(self.score), has(self.preset)]"
                + ".filter(x, x).size() == 1",
        messageExpression = "'check ' + self.name + ' must have exactly one of query, counts, latency, score, preset'")
@ValidationRule(
        value =
                "has(self.preset) || has(self.max) || has(self.min) || has(self.maxDifference) || has(self.minDifference)"
                        + " || has(self.worseThanStable) || has(self.betterThanStable)",
        messageExpression = "'check ' + self.name + ' has no limit: set ' + (has(self.query)"
                + " || has(self.score) ? 'max, min, maxDifference, minDifference, worseThanStable or betterThanStable'"
                + " : 'max, worseThanStable or betterThanStable')")
@ValidationRule(
        value = "has(self.preset) || has(self.latency) == has(self.slowerThan)",
        messageExpression = "'check ' + self.name + ': latency and slowerThan go together: set slowerThan to a bucket"
                + " bound of the histogram, or take it away'")
@ValidationRule(
        value = "has(self.query) || has(self.score) || has(self.preset) || !(has(self.min) || has(self.minDifference)"
                + " || has(self.maxDifference))",
        messageExpression =
                "'check ' + self.name + ': min, minDifference and maxDifference belong to query and score; a share of"
                        + " bad events is limited by max, worseThanStable, betterThanStable'")
@ValidationRule(
        value = "!has(self.failures) || has(self.preset) || has(self.query) && (has(self.max) || has(self.min)"
                + " || has(self.maxDifference) || has(self.minDifference))",
        messageExpression = "'check ' + self.name + ': failures belongs to query with max, min, maxDifference or"
                + " minDifference; the others decide on evidence: take it away'")
@ValidationRule(
        value = "!has(self.better) || has(self.score)"
                + " || has(self.query) && (has(self.worseThanStable) || has(self.betterThanStable))",
        messageExpression = "'check ' + self.name + ': better belongs to score, and to query with worseThanStable or"
                + " betterThanStable: take it away'")
@ValidationRule(
        value = "!has(self.score) || !((has(self.min) || has(self.minDifference)"
                + " || has(self.better) && self.better == 'Higher')"
                + " && (has(self.max) || has(self.maxDifference) || has(self.better) && self.better == 'Lower'))",
        messageExpression = "'check ' + self.name + ': a score is better Higher, limited by min and minDifference, or"
                + " Lower, limited by max and maxDifference: take the others away'")
@ValidationRule(
        value = "!has(self.score) || (!has(self.minDifference) || self.minDifference.matches('^(-|0[.]?0*%?$)'))"
                + " && (!has(self.maxDifference) || !self.maxDifference.startsWith('-'))",
        messageExpression = "'check ' + self.name + ': the difference of a score says how much worse it may be: write"
                + " minDifference as -0.02, maxDifference as 0.02, or betterThanStable'")
@ValidationRule(
        value = "!has(self.min) || !has(self.max) || "
                + "(self.min.endsWith('%') ? double(self.min.replace('%', '')) / 100.0 : double(self.min)) <= "
                + "(self.max.endsWith('%') ? double(self.max.replace('%', '')) / 100.0 : double(self.max))",
        messageExpression = "'check ' + self.name + ': min ' + self.min + ' is above max ' + self.max"
                + " + ': set min to at most max'")
@ValidationRule(
        value = "!has(self.minDifference) || !has(self.maxDifference) || "
                + "(self.minDifference.endsWith('%') ? double(self.minDifference.replace('%', '')) / 100.0"
                + " : double(self.minDifference)) <= "
                + "(self.maxDifference.endsWith('%') ? double(self.maxDifference.replace('%', '')) / 100.0"
                + " : double(self.maxDifference))",
        messageExpression =
                "'check ' + self.name + ': minDifference ' + self.minDifference + ' is above maxDifference '"
                        + " + self.maxDifference + ': set minDifference to at most maxDifference'")
public record Check(
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Name of the check, unique in the list.")
        String name,

        @Nullable
        @Size(min = 1, max = 4096)
        @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
        @JsonPropertyDescription("PromQL that gives one number. Variables, inside double-quoted strings: $namespace,"
                + " $version, $deployment, $service, $pods (a regex for the Deployment's pods), $clusters (a regex for its"
                + " Envoy Gateway clusters).")
        String query,

        @Nullable
        @JsonPropertyDescription("Bad and all events, from raw counters; judged by their shares, on evidence.")
        Counts counts,

        @Nullable
        @JsonPropertyDescription("A histogram of durations; judged by the share of requests slower than slowerThan.")
        Latency latency,

        @Nullable @JsonPropertyDescription("Scores from 0 to 1, from raw counters; judged by their means, on evidence.")
        Score score,

        @Nullable
        @Size(min = 3, max = 127)
        @Pattern(Names.PRESET)
        @JsonPropertyDescription(
                "Id of a ready-made check, FAMILY/NAME; its limits hold unless the same field is set" + " here.")
        String preset,

        @Nullable
        @Size(min = 2, max = 24)
        @Pattern(Names.QUANTITY_OF_TIME)
        @JsonPropertyDescription(
                "With latency, and presets of that kind: a request slower than this is bad. A bucket bound of the histogram, for"
                        + " example 2.5s or 300ms.")
        String slowerThan,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("The candidate's value must not be above it; a decimal or a percentage (2% = 0.02).")
        String max,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("The candidate's value must not be below it; a decimal or a percentage.")
        String min,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("Candidate minus stable must not be above it; a decimal or a percentage.")
        String maxDifference,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("Candidate minus stable must not be below it; a decimal or a percentage.")
        String minDifference,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.MARGIN)
        @JsonPropertyDescription("The candidate fails when there is evidence that it is worse than stable by more than"
                + " this part of stable's value; a decimal or a percentage (10%: 1.1 times as bad). With query: worse"
                + " oftener than not.")
        String worseThanStable,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.MARGIN)
        @ValidationRule(
                value = "self.endsWith('%') ? double(self.replace('%', '')) < 100.0 : double(self) < 1.0",
                message = "must be below 100%: nothing can be better than stable by all of its value")
        @JsonPropertyDescription("No step is passed without evidence that the candidate is better than stable by more"
                + " than this part of stable's value; a decimal or a percentage below 100%.")
        String betterThanStable,

        @Nullable
        @JsonPropertyDescription(
                "Whether a higher value is better or a lower one: of score, default Higher, with max or"
                        + " maxDifference Lower; of query with worseThanStable or betterThanStable, default Lower, with min or"
                        + " minDifference alone Higher.")
        Better better,

        @Nullable
        @Min(1)
        @Max(10)
        @JsonPropertyDescription("With query: readings in a row beyond a limit before the check has failed, and within"
                + " all limits before it is safe. Default 3.")
        Integer failures) {

    /** Which way a number is better. */
    public enum Better {
        /** Such as the quality of answers. */
        @JsonProperty("Higher")
        HIGHER,
        /** Such as a cost. */
        @JsonProperty("Lower")
        LOWER
    }

    /** Two raw counters. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Counts(
            @Required
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the counter of bad events: raw, without rate or increase; best as"
                    + " sum by (job, pod, instance) (...). Variables as in query.")
            String bad,

            @Required
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the counter of all events, in the same form.")
            String total) {}

    /** Sums of scores. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Score(
            @Required
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the counter that adds up the scores: raw, without rate or increase;"
                    + " best as sum by (job, pod, instance) (...). Variables as in query.")
            String sum,

            @Required
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the counter of the scores, in the same form.")
            String count,

            @Nullable
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the counter that adds up the squares of the scores, in the same form;"
                    + " with it a verdict takes up to 5 times fewer scores.")
            String squares) {}

    /** A histogram. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Latency(
            @Required
            @Size(min = 1, max = 4096)
            @ValidationRule(value = Names.TELLS_APART, message = Names.TELLS_APART_MESSAGE)
            @JsonPropertyDescription("PromQL for the raw buckets, with their label le. Variables as in query.")
            String buckets,

            @Nullable @JsonPropertyDescription("Unit of the bucket bounds. Default s.")
            Unit unit) {

        /** Units of time. */
        public enum Unit {
            /** Seconds. */
            s,
            /** Milliseconds. */
            ms,
            /** Microseconds. */
            us
        }
    }
}
