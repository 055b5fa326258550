package dev.modelrollout.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One active replica among several. A leader that loses its Lease ends itself at once: the framework would let it go on
 * reconciling beside the new one.
 */
@Singleton
final class Leadership {

    private static final System.Logger LOG = System.getLogger(Leadership.class.getName());

    /** How long a leader may go on without renewing its Lease. A call that begins then ends before the Lease does. */
    static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

    /** How long nobody else takes a Lease after it was renewed. */
    static final Duration LEASE = Duration.ofSeconds(15);

    private final Path ownNamespace;
    private final Runnable end;
    private volatile boolean stopping;

    Leadership() {
        this(
                Path.of(Config.KUBERNETES_NAMESPACE_PATH),
                () -> Runtime.getRuntime().halt(1));
    }

    /**
     * @param ownNamespace the file of a pod that names its namespace; there is none outside of a pod
     * @param end ends this process
     */
    Leadership(Path ownNamespace, Runnable end) {
        this.ownNamespace = ownNamespace;
        this.end = end;
    }

    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    /** Null switches leader election off. */
    @Produces
    @Dependent
    @Nullable
    LeaderElectionConfiguration configuration(Settings settings, Identity identity) {
        var election = settings.leaderElection();
        if (!election.enabled().orElse(Files.exists(ownNamespace))) {
            return null;
        }
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("modelrollout-operator")
                .withLeaseNamespace(election.namespace().or(this::ownNamespace).orElse("default"))
                .withIdentity(identity.name())
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(Duration.ofSeconds(2))
                .withLeaderCallbacks(new LeaderCallbacks(() -> {}, this::lost, leader -> {}))
                .build();
    }

    /** Ends this process because its Lease is lost. */
    void lost() {
        end("the Lease is lost");
    }

    /** Ends this process, unless it is stopping already. */
    void end(String why) {
        if (!stopping) {
            LOG.log(System.Logger.Level.ERROR, "{0}: this process ends, a standby goes on", why);
            end.run();
        }
    }

    private Optional<String> ownNamespace() {
        try {
            return Files.exists(ownNamespace)
                    ? Optional.of(Files.readString(ownNamespace).trim())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the pod's own namespace", e);
        }
    }
}
