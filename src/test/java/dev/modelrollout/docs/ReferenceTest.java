package dev.modelrollout.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference/modelrollout.md} is what the schema says. After a change of {@code crds/}, {@code mvn test
 * -Dtest=ReferenceTest -Dupdate=true} writes it anew; with {@code CI=true} it refuses.
 */
class ReferenceTest {

    private static final Path PAGE = Path.of("docs/reference/modelrollout.md");
    private static final Path SCHEMA = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");

    @Test
    void the_page_is_what_the_schema_says() throws IOException {
        var expected = Reference.of(SCHEMA);
        if (Boolean.getBoolean("update")) {
            assertThat(System.getenv("CI"))
                    .as("-Dupdate=true would make any change pass: not in CI")
                    .isNotEqualTo("true");
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("run: mvn test -Dtest=ReferenceTest -Dupdate=true")
                .isEqualTo(expected);
    }
}
