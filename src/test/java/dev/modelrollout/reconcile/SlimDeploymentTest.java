package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What tells one pod template from another. */
class SlimDeploymentTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String POD = "{spec: {containers: [{name: model, image: a, env: [{name: X}, {name: Y}]}]}}";

    @Test
    void the_order_of_fields_does_not_matter() {
        assertThat(template("{spec: {containers: [{env: [{name: X}, {name: Y}], image: a, name: model}]}}"))
                .isEqualTo(template(POD));
    }

    @Test
    void each_value_and_the_order_of_a_list_do() {
        assertThat(template(POD.replace("image: a", "image: b"))).isNotEqualTo(template(POD));
        assertThat(template(POD.replace("{name: X}, {name: Y}", "{name: Y}, {name: X}")))
                .isNotEqualTo(template(POD));
        assertThat(template(POD.replace("env: ", "args: "))).isNotEqualTo(template(POD));
    }

    // What failed under one release of the operator has failed under the next.
    @Test
    void it_is_the_same_for_ever() {
        assertThat(template(POD)).isEqualTo("4bef43d806");
    }

    @Test
    void a_copy_has_the_same() {
        var deployment = deployment(POD);

        assertThat(YAML.clone(deployment).getSpec()).isEqualTo(deployment.getSpec());
    }

    private static @Nullable String template(String pod) {
        return deployment(pod).getSpec().template();
    }

    private static SlimDeployment deployment(String pod) {
        return YAML.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: chat}
                spec: {replicas: 2, paused: true, template: %s}
                """.formatted(pod), SlimDeployment.class);
    }
}
