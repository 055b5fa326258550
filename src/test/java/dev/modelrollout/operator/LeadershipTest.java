package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {

    @TempDir
    private Path folder;

    private final AtomicInteger ended = new AtomicInteger();
    private final Identity identity = new Identity();

    @Test
    void in_a_pod_one_of_several_leads() throws IOException {
        assertThat(inPod().configuration(new Chosen(null, null), identity))
                .isNotNull()
                .returns("modelrollout-operator", LeaderElectionConfiguration::getLeaseName)
                .returns(Optional.of("release"), LeaderElectionConfiguration::getLeaseNamespace)
                .returns(Optional.of(identity.name()), LeaderElectionConfiguration::getIdentity)
                .returns(Duration.ofSeconds(15), LeaderElectionConfiguration::getLeaseDuration)
                .returns(Duration.ofSeconds(10), LeaderElectionConfiguration::getRenewDeadline)
                .returns(Duration.ofSeconds(2), LeaderElectionConfiguration::getRetryPeriod);
    }

    @Test
    void outside_of_a_pod_nobody_asks_who_leads() {
        assertThat(outside().configuration(new Chosen(null, null), identity)).isNull();
    }

    @Test
    void what_the_admin_says_comes_first() throws IOException {
        assertThat(inPod().configuration(new Chosen(false, null), identity)).isNull();
        assertThat(inPod().configuration(new Chosen(null, "leases"), identity))
                .isNotNull()
                .returns(Optional.of("leases"), LeaderElectionConfiguration::getLeaseNamespace);
        assertThat(outside().configuration(new Chosen(true, null), identity))
                .isNotNull()
                .returns(Optional.of("default"), LeaderElectionConfiguration::getLeaseNamespace);
    }

    @Test
    void who_loses_the_lease_ends() throws IOException {
        lose(inPod());

        assertThat(ended).hasValue(1);
    }

    @Test
    void who_gives_the_lease_back_to_stop_is_stopping_already() throws IOException {
        var leadership = inPod();
        leadership.onStop(new ShutdownEvent());
        lose(leadership);

        assertThat(ended).hasValue(0);
    }

    @Test
    void no_two_processes_outside_of_a_pod_have_one_name() {
        assertThat(identity.name()).isNotEqualTo(new Identity().name());
    }

    private void lose(Leadership leadership) {
        var configuration = leadership.configuration(new Chosen(null, null), identity);
        assertThat(configuration).isNotNull();
        configuration.getLeaderCallbacks().orElseThrow().onStopLeading();
    }

    private Leadership inPod() throws IOException {
        return new Leadership(Files.writeString(folder.resolve("namespace"), "release\n"), ended::incrementAndGet);
    }

    private Leadership outside() {
        return new Leadership(folder.resolve("none"), ended::incrementAndGet);
    }

    private record Chosen(
            @Nullable Boolean elects, @Nullable String where) implements Settings, Settings.LeaderElection {

        @Override
        public Map<String, Provider> providers() {
            return Map.of();
        }

        @Override
        public Set<String> namespaces() {
            return Set.of();
        }

        @Override
        public LeaderElection leaderElection() {
            return this;
        }

        @Override
        public Optional<Boolean> enabled() {
            return Optional.ofNullable(elects);
        }

        @Override
        public Optional<String> namespace() {
            return Optional.ofNullable(where);
        }
    }
}
