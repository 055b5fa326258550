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
public record Page(Path path, String text) {

    /** What people read first. */
    public static final Page README = of("README.md");

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");
    private static final Pattern HEADING = Pattern.compile("^(#+) (.+)$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ROW = Pattern.compile("^\\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern FIRST_CODE = Pattern.compile("^\\[?`([^`]+)`");
    private static final Pattern QUOTE = Pattern.compile("^> (.+)$", Pattern.MULTILINE);

    /** A fenced block. */
    public record Block(Page page, String language, String text) {}

    /** Every page of the repository, in the order of their names. */
    static List<Page> all() {
        try (var top = Files.list(Path.of(""));
                var below = Files.walk(Path.of("docs"))) {
            return Stream.of(top, below)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(file -> of(file.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String path) {
        try {
            return new Page(Path.of(path), Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its blocks of this language, none for the empty text. */
    public List<Block> blocks(String language) {
        return blocks(text, language)
                .map(block -> new Block(this, language, block))
                .toList();
    }

    private static Stream<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2));
    }

    /** What it tells people to type: lines of shell blocks, and code in a line that begins with a program's name. */
    List<Command> commands() {
        var lines = blocks(text, "sh")
                .map(block -> block.replaceAll(" *\\\\\n *", " "))
                .flatMap(String::lines)
                .map(line -> line.replaceAll("(^| +)#.*", ""));
        var spans = SPAN.matcher(withoutBlocks()).results().map(span -> span.group(1));
        return Stream.concat(
                        lines.filter(line -> !line.isBlank()),
                        spans.filter(span -> span.matches("(kubectl|helm|mvn|make) .*")))
                .map(Command::new)
                .toList();
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

    /** From this heading to the next one of its level or above, as a page of its own. */
    Page section(String title) {
        var start = headings()
                .filter(heading -> heading.group(2).equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " has no section " + title));
        var level = start.group(1).length();
        var end = headings()
                .filter(heading ->
                        heading.start() > start.start() && heading.group(1).length() <= level)
                .findFirst();
        return new Page(
                path, text.substring(start.end(), end.map(MatchResult::start).orElse(text.length())));
    }

    /** The rows of its tables without their heads, by cells. */
    List<List<String>> rows() {
        return ROW.matcher(text.replaceAll("(?m)^.*\n\\|---.*$", ""))
                .results()
                .map(row -> List.of(row.group(1).split(" +\\| +| \\|$|^\\| ", -1)))
                .toList();
    }

    /** What stands in code at the beginning of a row, where something does. */
    List<String> keys() {
        return rows().stream()
                .flatMap(row -> FIRST_CODE.matcher(row.get(0)).results())
                .map(code -> code.group(1))
                .toList();
    }

    List<String> links() {
        var prose = SPAN.matcher(withoutBlocks()).replaceAll("");
        return LINK.matcher(prose).results().map(link -> link.group(1)).toList();
    }

    /** Quoted lines. */
    List<String> quotes() {
        return QUOTE.matcher(text).results().map(quote -> quote.group(1)).toList();
    }

    private Stream<MatchResult> headings() {
        return HEADING.matcher(withoutBlocks()).results();
    }

    /** Comments in blocks look like headings; everything keeps its place. */
    private String withoutBlocks() {
        return BLOCK.matcher(text).replaceAll(block -> " ".repeat(block.group().length()));
    }
}
