package dev.modelrollout.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The code, as a text that pages can be compared with. */
final class Source {

    static final Path MAIN = Path.of("src/main/java/dev/modelrollout");
    static final Path TESTS = Path.of("src/test/java");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern OF_OURS = Pattern.compile("\\bdev\\.modelrollout\\.([a-z0-9.]+)\\.[A-Z]");

    private Source() {}

    static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packages below {@code dev.modelrollout}. */
    static Set<String> packages() {
        return files(MAIN).stream().map(Source::packageOf).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The other packages of ours that the types of this one name. */
    static Set<String> imports(String name) {
        return files(MAIN).stream()
                .filter(file -> packageOf(file).equals(name))
                .flatMap(file -> OF_OURS.matcher(read(file)).results())
                .map(found -> found.group(1))
                .filter(other -> !other.equals(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String packageOf(Path file) {
        return MAIN.relativize(file.getParent()).toString().replace('/', '.');
    }

    /** The names of the test classes. */
    static Set<String> tests() {
        return files(TESTS).stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .filter(name -> name.matches("\\w+(Test|Bench)"))
                .collect(Collectors.toSet());
    }

    /** Every text in the code; those that are only split by {@code +} are one. */
    static Set<String> literals() {
        return files(MAIN).stream()
                .map(file -> read(file).replaceAll("\"\\s*\\+\\s*\"", ""))
                .flatMap(text -> LITERAL.matcher(text).results())
                .map(literal -> literal.group(1).replace("\\\"", "\"").replace("\\\\", "\\"))
                .filter(literal -> !literal.isEmpty())
                .collect(Collectors.toSet());
    }

    /** All that this pattern's group finds in a file. */
    static Stream<String> find(Pattern pattern, Path file) {
        return pattern.matcher(read(file)).results().map(found -> found.group(1));
    }
}
