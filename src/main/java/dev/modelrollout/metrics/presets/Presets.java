package dev.modelrollout.metrics.presets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The ready-made checks, by their ids. */
public final class Presets {

    /** A line for each: a packaged jar cannot be listed. */
    private static final String INDEX = "index";

    private final Map<String, Preset> byId = new TreeMap<>();

    private Presets(Collection<Preset> presets) {
        presets.forEach(preset -> byId.put(preset.id(), preset));
    }

    /**
     * Those that come with the operator.
     *
     * @throws IllegalArgumentException when one of them is no preset
     */
    public static Presets load() {
        return new Presets(read(INDEX)
                .lines()
                .map(id -> PresetReader.read(id, read(id + ".yaml")))
                .toList());
    }

    /** The preset of this id. */
    public Optional<Preset> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All ids, sorted. */
    public List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    private static String read(String name) {
        try (InputStream file = Presets.class.getResourceAsStream("/presets/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("there is no preset " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
