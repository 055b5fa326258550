package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObserverTest {

    @Test
    void a_pod_counts_once_it_is_ready_and_of_the_newest_template() {
        assertThat(seen(3, new SlimDeployment.Status(2L, 3, 1)).ready()).isEqualTo(1);
        assertThat(seen(3, new SlimDeployment.Status(2L, 1, 3)).ready()).isEqualTo(1);
        assertThat(seen(3, new SlimDeployment.Status(2L, null, 3)).ready()).isZero();
        assertThat(seen(3, new SlimDeployment.Status(2L, 3, null)).ready()).isZero();
    }

    @Test
    void nothing_is_known_of_pods_before_the_controller_has_seen_the_spec() {
        for (var status : new SlimDeployment.Status[] {
            null, new SlimDeployment.Status(1L, 3, 3), new SlimDeployment.Status(null, 3, 3)
        }) {
            assertThat(seen(3, status)).isEqualTo(new Workload("t", 3, 0, false, true));
        }
    }

    @Test
    void a_controller_that_has_seen_a_newer_spec_than_the_cache_tells_of_its_pods() {
        assertThat(seen(3, new SlimDeployment.Status(3L, 3, 3))).isEqualTo(new Workload("t", 3, 3, true, true));
    }

    @Test
    void a_deployment_without_a_number_of_replicas_has_one() {
        assertThat(seen(null, new SlimDeployment.Status(2L, 1, 1)).replicas()).isEqualTo(1);
    }

    private static Workload seen(@Nullable Integer replicas, SlimDeployment.@Nullable Status status) {
        var deployment = new SlimDeployment();
        var meta = new ObjectMeta();
        meta.setGeneration(2L);
        deployment.setMetadata(meta);
        deployment.setSpec(new SlimDeployment.Spec(replicas, "t"));
        deployment.setStatus(status);
        return Observer.workload(deployment, true);
    }
}
