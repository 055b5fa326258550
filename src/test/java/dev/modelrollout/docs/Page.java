package dev.modelrollout.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One page of Markdown. */
record Page(Path path, String text) {

    static final Page README = of(Path.of("README.md"));

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("^(#+) (.+)$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FIRST_CELL = Pattern.compile("^\\| \\[?`([^`]+)`", Pattern.MULTILINE);
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern INLINE_COMMAND = Pattern.compile("`((?:kubectl|helm) [^`]+)`");
    private static final String VALUES = "# values.yaml\n";

    /** A fenced block. */
    record Block(Page page, String language, String text) {

        /** As a file of this folder. */
        Path in(Path folder) {
            try {
                return Files.writeString(Files.createTempFile(folder, "block", ".yaml"), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Every page of the repository, in the order of their names. */
    static List<Page> all() {
        try (var top = Files.list(Path.of(""));
                var below = Files.walk(Path.of("docs"))) {
            return Stream.of(top, below)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(Page::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(Path path) {
        try {
            return new Page(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Block> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> new Block(this, language, block.group(2)))
                .toList();
    }

    /** What a cluster is to be given. */
    Stream<Block> manifests() {
        return blocks("yaml").stream().filter(block -> !block.text().startsWith(VALUES));
    }

    /** What the chart is to be given. */
    Stream<Block> values() {
        return blocks("yaml").stream().filter(block -> block.text().startsWith(VALUES));
    }

    /** What is to be typed, a line each: blocks of {@code sh}, and kubectl and Helm in running text. */
    Stream<String> commands() {
        var lines = blocks("sh").stream()
                .flatMap(block -> block.text().replaceAll("\\\\\n", " ").lines())
                .map(line -> line.replaceAll(" +# .*", "").trim())
                .filter(line -> !line.isEmpty());
        var inline = INLINE_COMMAND.matcher(withoutBlocks()).results().map(found -> found.group(1));
        return Stream.concat(lines, inline);
    }

    /** Headings of this level, 1 for the highest. */
    List<String> headings(int level) {
        return headings()
                .filter(heading -> heading.group(1).length() == level)
                .map(heading -> heading.group(2))
                .toList();
    }

    /** What a link may name after {@code #}. */
    List<String> anchors() {
        return headings()
                .map(heading -> heading.group(2)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** From this heading to the next one of its level or above. */
    String section(String title) {
        var found = headings().filter(heading -> heading.group(2).equals(title)).findFirst();
        var start = found.orElseThrow(() -> new AssertionError(path + " has no section " + title));
        var level = start.group(1).length();
        var end = headings()
                .filter(heading ->
                        heading.start() > start.start() && heading.group(1).length() <= level)
                .findFirst();
        return text.substring(start.end(), end.map(MatchResult::start).orElse(text.length()));
    }

    /** The headings right below this one. */
    List<String> headingsIn(String title) {
        return new Page(path, section(title)).headings(3);
    }

    /** What stands in code in the first column of the tables of this section. */
    List<String> rows(String section) {
        return FIRST_CELL
                .matcher(section(section))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    List<String> links() {
        var prose = INLINE_CODE.matcher(withoutBlocks()).replaceAll("");
        return LINK.matcher(prose).results().map(link -> link.group(1)).toList();
    }

    private Stream<MatchResult> headings() {
        return HEADING.matcher(withoutBlocks()).results();
    }

    /** Comments in blocks look like headings; everything keeps its place. */
    private String withoutBlocks() {
        return BLOCK.matcher(text).replaceAll(block -> " ".repeat(block.group().length()));
    }
}
