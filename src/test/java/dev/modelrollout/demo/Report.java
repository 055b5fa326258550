package dev.modelrollout.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was promised and what was seen, and one line to remember. */
record Report(List<Promise> promises, List<String> figures) {

    private static final String COLUMNS = "%-48s  %-20s  %-20s  %s%n";

    boolean isKept() {
        return promises.stream().allMatch(Promise::kept);
    }

    void print(PrintStream out) {
        out.println();
        out.printf(COLUMNS, "", "promised", "seen", "");
        promises.forEach(promise -> out.printf(
                COLUMNS, promise.what(), promise.promised(), promise.seen(), promise.kept() ? "kept" : "BROKEN"));
        out.println();
        out.println(
                "demo: " + figures.stream().filter(figure -> !figure.isEmpty()).collect(Collectors.joining("; ")));
    }

    static Report of(List<Act.Result> results, Promise last, String figure) {
        return new Report(
                Stream.concat(results.stream().flatMap(result -> result.promises().stream()), Stream.of(last))
                        .toList(),
                Stream.concat(results.stream().map(Act.Result::figure), Stream.of(figure))
                        .toList());
    }
}
