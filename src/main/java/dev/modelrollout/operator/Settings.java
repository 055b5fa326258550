package dev.modelrollout.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the cluster admin configures, below {@code modelrollout}. */
@ConfigMapping(prefix = "modelrollout")
public interface Settings {

    /** The metric providers that rollouts may name. */
    Map<String, Provider> providers();

    /** Namespaces watched; {@code *} stands for all. */
    @WithDefault("*")
    Set<String> namespaces();

    /** One active replica among several. */
    LeaderElection leaderElection();

    /** How one Prometheus-compatible server is reached. */
    interface Provider {

        /** Base URL. */
        URI url();

        /** Limit of a whole call. */
        @WithDefault("5s")
        Duration timeout();

        /** PEM certificates trusted for this provider. */
        Optional<Path> caFile();

        /** File with a bearer token. */
        Optional<Path> tokenFile();

        /** User of basic auth. */
        Optional<String> username();

        /** File with the password of basic auth. */
        Optional<Path> passwordFile();

        /** PEM certificate chain of mTLS. */
        Optional<Path> clientCertFile();

        /** PEM private key of mTLS. */
        Optional<Path> clientKeyFile();

        /** Headers sent with each request. */
        Map<String, String> headers();
    }

    /** Who leads. */
    interface LeaderElection {

        /** Default: true in a pod, false outside one. */
        Optional<Boolean> enabled();

        /** Where the Lease lives. Default: the pod's own namespace. */
        Optional<String> namespace();
    }
}
