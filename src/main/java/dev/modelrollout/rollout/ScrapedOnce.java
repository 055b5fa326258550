package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Series;
import java.util.HashMap;
import java.util.Map;

/** Each process once, however many jobs scrape it: all of them count the same requests. */
final class ScrapedOnce {

    private ScrapedOnce() {}

    /** Where there is no name of a process, each job has its own. */
    private record Scraped(String pod, String instance, String job) {

        static Scraped of(Series series) {
            var hasName = !series.pod().isEmpty() && !series.instance().isEmpty();
            return new Scraped(series.pod(), series.instance(), hasName ? "" : series.job());
        }
    }

    /** Of the jobs that scrape the same process the first by name counts. */
    static Map<Series, Double> of(Answer.Counters counters) {
        if (counters.areOfOneJob()) {
            return counters.values();
        }
        var first = new HashMap<Scraped, String>();
        counters.values()
                .keySet()
                .forEach(one -> first.merge(
                        Scraped.of(one), one.job(), (known, job) -> known.compareTo(job) <= 0 ? known : job));
        var once = new HashMap<>(counters.values());
        once.keySet().removeIf(one -> !one.job().equals(first.get(Scraped.of(one))));
        return once;
    }
}
