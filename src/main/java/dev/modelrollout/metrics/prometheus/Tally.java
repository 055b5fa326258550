package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.OUT_OF_DOMAIN;
import static java.util.stream.Collectors.toMap;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Series;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The counters of one tick: what has equal labels is added up. */
final class Tally {

    /** One process, whoever scraped it. */
    private record Scraped(String pod, String instance) {}

    private final Map<Series, Double> sums = new LinkedHashMap<>();
    private @Nullable Blindness fault;

    void add(Series series, double value) {
        if (!Double.isFinite(value)) {
            fault = BAD_ANSWER;
        } else if (value < 0 && fault == null) {
            fault = OUT_OF_DOMAIN;
        } else {
            sums.merge(series, value, Double::sum);
        }
    }

    Answer answer(Instant tick) {
        if (fault == null && sums.values().stream().anyMatch(sum -> sum.isInfinite())) {
            fault = BAD_ANSWER;
        }
        if (fault != null) {
            return new Answer.Missing(tick, fault);
        }
        return sums.isEmpty() ? new Answer.Missing(tick, NO_DATA) : new Answer.Counters(tick, scrapedOnce());
    }

    /** A process that two jobs scrape counts once: as the first of them by name has it. */
    private Map<Series, Double> scrapedOnce() {
        var jobs = new HashMap<Scraped, String>();
        sums.keySet().forEach(series -> jobs.merge(scraped(series), series.job(), Tally::first));
        return sums.entrySet().stream()
                .filter(entry ->
                        isNameless(entry.getKey()) || entry.getKey().job().equals(jobs.get(scraped(entry.getKey()))))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Added up over all processes, so that two jobs say nothing. */
    private static boolean isNameless(Series series) {
        return series.pod().isEmpty() && series.instance().isEmpty();
    }

    private static Scraped scraped(Series series) {
        return new Scraped(series.pod(), series.instance());
    }

    private static String first(String a, String b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
