package dev.modelrollout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MissingProgramTest {

    static Program[] programs() {
        return new Program[] {ApiServerExtension.API_SERVER, PrometheusCondition.PROMETHEUS};
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_program_that_is_found_lets_the_test_run(Program program) {
        var decision = program.decide(true, Map.of(program.requiredBy(), "true"));

        assertThat(decision.isDisabled()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_missing_program_skips_the_test_with_one_line_that_says_what_to_set(Program program) {
        var decision = program.decide(false, Map.of());

        assertThat(decision.isDisabled()).isTrue();
        assertThat(decision.getReason().orElseThrow())
                .contains(program.remedy())
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_missing_program_that_is_required_is_an_error(Program program) {
        assertThatThrownBy(() -> program.decide(false, Map.of(program.requiredBy(), "true")))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContaining(program.remedy());
    }

    @Test
    void prometheus_is_found_on_the_path(@TempDir Path folder) throws IOException {
        executable(folder.resolve("prometheus"));

        var found = PrometheusCondition.found(Map.of("PATH", "/nowhere:" + folder));

        assertThat(found).isTrue();
    }

    @Test
    void without_a_path_there_is_no_prometheus() {
        var found = PrometheusCondition.found(Map.of());

        assertThat(found).isFalse();
    }

    @Test
    void the_api_server_is_found_once_all_three_binaries_are_there(@TempDir Path folder) throws IOException {
        var version = Files.createDirectories(folder.resolve("k8s/1.35.4-linux-amd64"));
        executable(version.resolve("etcd"));
        executable(version.resolve("kube-apiserver"));
        executable(version.resolve("kubectl"));

        var found = ApiServerExtension.found(Map.of("KUBE_API_TEST_DIR", folder.toString()));

        assertThat(found).isTrue();
    }

    @Test
    void an_api_server_without_etcd_is_none(@TempDir Path folder) throws IOException {
        var version = Files.createDirectories(folder.resolve("k8s/1.35.4-linux-amd64"));
        executable(version.resolve("kube-apiserver"));

        var found = ApiServerExtension.found(Map.of("KUBE_API_TEST_DIR", folder.toString()));

        assertThat(found).isFalse();
    }

    @Test
    void an_unset_folder_holds_no_api_server() {
        var found = ApiServerExtension.found(Map.of());

        assertThat(found).isFalse();
    }

    private static void executable(Path file) throws IOException {
        Files.writeString(file, "");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
