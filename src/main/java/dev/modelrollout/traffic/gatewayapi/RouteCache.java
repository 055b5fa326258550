package dev.modelrollout.traffic.gatewayapi;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/** Routes as the watch shows them, with our own writes already in. */
public interface RouteCache {

    /** The newest known state. */
    Optional<GenericKubernetesResource> get(String namespace, String name);

    /** Takes in what a read or write of ours has answered. */
    void saw(GenericKubernetesResource route);
}
