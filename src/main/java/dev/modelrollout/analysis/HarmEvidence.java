package dev.modelrollout.analysis;

/**
 * What one test says about harm.
 *
 * @param logE natural logarithm of its evidence
 * @param shared whether stable is beyond the same limit too: then it is no harm of the candidate
 */
public record HarmEvidence(double logE, boolean shared) {}
