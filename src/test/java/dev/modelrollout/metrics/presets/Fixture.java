package dev.modelrollout.metrics.presets;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files below {@code src/test/resources/presets}: for each family what it exposes, for each preset what it finds. */
final class Fixture {

    private static final Path PRESETS = Path.of("src/main/resources/presets");
    private static final Path FOLDER = Path.of("src/test/resources/presets");
    private static final String EXPOSITION = "/exposition.txt";
    private static final String EXPECTED = ".expected.yaml";

    private Fixture() {}

    static String family(String id) {
        return id.substring(0, id.indexOf('/'));
    }

    static Exposition exposition(String family) {
        return Exposition.read(read(family + EXPOSITION));
    }

    static Expected expected(String id) {
        try {
            return new YAMLMapper().readValue(read(id + EXPECTED), Expected.class);
        } catch (IOException e) {
            throw new UncheckedIOException(id, e);
        }
    }

    /** The ids of all presets for which something is expected. */
    static Set<String> expectedIds() {
        return names(FOLDER, EXPECTED);
    }

    /** The families of which something is exposed. */
    static Set<String> families() {
        return names(FOLDER, EXPOSITION);
    }

    /** The ids of all files of presets. */
    static Set<String> ids() {
        return names(PRESETS, ".yaml");
    }

    private static Set<String> names(Path folder, String ending) {
        return names(folder)
                .filter(name -> name.endsWith(ending))
                .map(name -> name.substring(0, name.length() - ending.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> names(Path folder) {
        try (var files = Files.walk(folder)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
