package dev.modelrollout.rollout;

/** One version behind the route: the Deployment that runs it and the backend that leads to it. */
public record ModelVersion(String name, String deployment, Backend backend) {}
