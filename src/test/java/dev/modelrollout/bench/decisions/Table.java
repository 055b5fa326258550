package dev.modelrollout.bench.decisions;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table in Markdown. */
public record Table(String title, List<String> head, List<List<String>> rows) {

    @Override
    public String toString() {
        var rule = head.stream().map(column -> "---").toList();
        return Stream.concat(Stream.of(head, rule), rows.stream())
                .map(row -> "| " + String.join(" | ", row) + " |")
                .collect(Collectors.joining("\n", title + "\n\n", "\n"));
    }
}
