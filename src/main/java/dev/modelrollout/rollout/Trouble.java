package dev.modelrollout.rollout;

/** Why a rollout cannot start or go on, and what the user has to write; it ends by itself when the world is mended. */
public record Trouble(Reason reason, String message) {}
