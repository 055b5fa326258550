package dev.modelrollout.metrics.presets;

import dev.modelrollout.metrics.presets.Story.Actor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a family of engines exposes, in the text format of Prometheus; a value is a product, for instance of a number
 * and the {@code rounds} of requests. Comments say what the format cannot:
 *
 * <ul>
 *   <li>{@code # STORY pods}: who is scraped, see {@link Story};
 *   <li>{@code # TARGET {pod="${process}"}}: labels that the scrape adds;
 *   <li>{@code # LATE}: series below appear with the first error.
 * </ul>
 */
record Exposition(Story story, Map<String, String> target, Map<String, String> types, List<Line> lines) {

    private static final Pattern SAMPLE = Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_]\\w*)=\"([^\"]*)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    /** One series of a process. */
    record Line(String name, Map<String, String> labels, Product value, boolean isLate) {}

    /** What the factors make for an actor at a tick; NaN while there is no sample. */
    record Product(String factors) {

        double of(Actor actor, int tick) {
            return Stream.of(factors.split("\\*"))
                    .mapToDouble(factor -> of(factor, actor, tick))
                    .reduce(1, (a, b) -> a * b);
        }

        private static double of(String factor, Actor actor, int tick) {
            return switch (factor) {
                case "rounds" -> actor.rounds(tick);
                case "level" -> actor.level();
                case "restarts" -> actor.restarts(tick);
                case "restarted" -> actor.restarts(tick) > 0 ? 1 : Double.NaN;
                default -> Double.parseDouble(factor);
            };
        }
    }

    static Exposition read(String text) {
        var directives = new HashMap<String, String>();
        var types = new HashMap<String, String>();
        var lines = new ArrayList<Line>();
        for (var line : text.lines().toList()) {
            var words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else if (line.startsWith("# ")) {
                directives.put(words[1], line.substring(2 + words[1].length()).strip());
            } else {
                lines.add(line(line, directives.containsKey("LATE")));
            }
        }
        return new Exposition(
                Story.of(directives.getOrDefault("STORY", "")),
                labels(directives.getOrDefault("TARGET", "")),
                types,
                lines);
    }

    /** What the type line says of a series; empty when there is none. */
    String type(String name) {
        return Stream.of("", "_bucket", "_count", "_sum")
                .filter(name::endsWith)
                .map(suffix -> types.getOrDefault(name.substring(0, name.length() - suffix.length()), ""))
                .filter(type -> !type.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The labels that the scrape adds to what this actor exposes. */
    Map<String, String> target(Actor actor) {
        return filled(target, actor);
    }

    /**
     * All samples of the story: of each label set, by the number of the scrape; NaN says that it has ended. What two
     * actors of one process cannot tell apart is one series.
     */
    Map<Map<String, String>, Map<Integer, Double>> samples() {
        var all = new LinkedHashMap<Map<String, String>, Map<Integer, Double>>();
        for (var actor : story.actors()) {
            for (var line : lines) {
                all.merge(series(line, actor, target(actor)), samples(line, actor, actor.last()), Exposition::added);
                if (story.isScrapedTwice(actor)) {
                    var again = new HashMap<>(target(actor));
                    again.merge("job", "-again", String::concat);
                    all.merge(
                            series(line, actor, again),
                            samples(line, actor, Story.LAST_TICK_OF_TWO_JOBS),
                            Exposition::added);
                }
            }
        }
        return all;
    }

    private static Map<Integer, Double> added(Map<Integer, Double> a, Map<Integer, Double> b) {
        b.forEach((tick, value) -> a.merge(tick, value, Double::sum));
        return a;
    }

    private static Map<Integer, Double> samples(Line line, Actor actor, int last) {
        var samples = new TreeMap<Integer, Double>();
        for (var tick = line.isLate() ? Math.max(actor.first(), Story.FIRST_ERROR) : actor.first();
                tick <= Math.min(last, actor.last());
                tick++) {
            var value = line.value().of(actor, tick);
            if (!Double.isNaN(value)) {
                samples.put(tick, value);
            }
        }
        if (last < Story.LAST_TICK && !samples.isEmpty()) {
            samples.put(last + 1, Double.NaN);
        }
        return samples;
    }

    private static Map<String, String> series(Line line, Actor actor, Map<String, String> target) {
        var labels = new HashMap<>(target);
        labels.putAll(filled(line.labels(), actor));
        labels.put("__name__", line.name());
        labels.computeIfPresent("le", (le, bound) -> spelled(bound, actor));
        return labels;
    }

    /** Prometheus 2 keeps {@code 1}, Prometheus 3 makes {@code 1.0} of it: the versions are of two. */
    static String spelled(String bound, Actor actor) {
        if (actor.version().equals("v1")) {
            return bound.replaceFirst("\\.0$", "");
        }
        return bound.matches("\\d+") ? bound + ".0" : bound;
    }

    private static Line line(String line, boolean isLate) {
        var sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        var labels = sample.group(2);
        return new Line(
                sample.group(1), labels == null ? Map.of() : labels(labels), new Product(sample.group(3)), isLate);
    }

    private static Map<String, String> labels(String text) {
        var labels = new HashMap<String, String>();
        LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        return labels;
    }

    private static Map<String, String> filled(Map<String, String> labels, Actor actor) {
        BiFunction<String, String, String> fill = (name, value) ->
                VARIABLE.matcher(value).replaceAll(variable -> actor.names().getOrDefault(variable.group(1), ""));
        var filled = new HashMap<>(labels);
        filled.replaceAll(fill);
        return filled;
    }
}
