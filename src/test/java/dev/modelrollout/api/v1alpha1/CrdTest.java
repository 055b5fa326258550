package dev.modelrollout.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CRD that is checked in. */
class CrdTest {

    static final Path CRD = Path.of("crds/modelrollouts.modelrollout.dev-v1.yml");

    @Test
    void is_what_the_records_generate(@TempDir Path folder) throws IOException {
        new CRDGenerator()
                .customResourceClasses(ModelRollout.class)
                .forCRDVersions("v1")
                .withPostProcessor(new CrdFinish())
                .inOutputDir(folder.toFile())
                .generate();

        assertThat(folder.resolve(CRD.getFileName()))
                .as("`make crds` writes it anew")
                .hasSameTextualContentAs(CRD);
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith(CRD.getFileName()));
    }
}
