package dev.modelrollout.chart;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The chart as Helm renders it, for a release {@code modelrollout}. */
public final class Chart {

    static final Path FOLDER = Path.of("helm/modelrollout");

    private static final String OLDEST_KUBERNETES = "1.30.0";
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Pattern SEPARATOR = Pattern.compile("^---\n", Pattern.MULTILINE);
    private static final Pattern SOURCE = Pattern.compile("^# Source: modelrollout/templates/(\\S+)\n");

    private final String text;

    private Chart(String text) {
        this.text = text;
    }

    /**
     * Renders it for the namespace {@code modelrollout-system}.
     *
     * @param values YAML; empty for the default values
     * @throws IllegalStateException with Helm's message if it refuses the values
     */
    public static Chart render(String values) {
        return render(values, "modelrollout-system");
    }

    /** The same in another namespace. */
    public static Chart render(String values, String namespace) {
        return with(
                values,
                file -> new Chart(new Helm(FOLDER)
                        .template()
                        .withName("modelrollout")
                        .withNamespace(namespace)
                        .withKubeVersion(OLDEST_KUBERNETES)
                        .withValuesFile(file)
                        .call()));
    }

    /** What Helm prints after an installation with these values. */
    static String notes(String values) {
        return with(
                values,
                file -> new Helm(FOLDER)
                        .install()
                        .clientOnly()
                        .dryRun()
                        .withName("modelrollout")
                        .withNamespace("modelrollout-system")
                        .withKubeVersion(OLDEST_KUBERNETES)
                        .withValuesFile(file)
                        .call()
                        .getOutput());
    }

    private static <T> T with(String values, Function<Path, T> render) {
        try {
            var file = Files.createTempFile("values", ".yaml");
            try {
                return render.apply(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rendered text by the name of its template; documents of one template are separated by {@code ---}. */
    Map<String, String> files() {
        var files = new TreeMap<String, String>();
        for (var document : documents().toList()) {
            var source = SOURCE.matcher(document);
            if (source.find()) {
                files.merge(
                        source.group(1), document.substring(source.end()).strip() + "\n", (a, b) -> a + "---\n" + b);
            }
        }
        return files;
    }

    /** All objects, in Helm's order of installation. */
    public List<GenericKubernetesResource> objects() {
        return documents()
                .filter(document -> document.contains("apiVersion:"))
                .map(document -> YAML.unmarshal(document, GenericKubernetesResource.class))
                .toList();
    }

    /** All objects of this kind. */
    <T extends HasMetadata> List<T> objects(Class<T> type) {
        return objects().stream()
                .filter(object -> object.getKind().equals(HasMetadata.getKind(type)))
                .map(object -> YAML.convertValue(object, type))
                .toList();
    }

    /** The only object of this kind. */
    <T extends HasMetadata> T only(Class<T> type) {
        var all = objects(type);
        if (all.size() != 1) {
            throw new AssertionError("expected one %s, but there are %d".formatted(type.getSimpleName(), all.size()));
        }
        return all.get(0);
    }

    private Stream<String> documents() {
        return SEPARATOR.splitAsStream(text);
    }
}
