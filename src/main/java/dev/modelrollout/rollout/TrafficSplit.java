package dev.modelrollout.rollout;

/**
 * How traffic is shared: {@code weight} percent to the candidate, the rest to stable, nothing to any other version.
 *
 * @param weight 0..100; 0 when candidate and stable are one
 */
public record TrafficSplit(String stable, String candidate, int weight) {

    public TrafficSplit {
        if (weight < 0 || weight > 100) {
            throw new IllegalArgumentException("weight " + weight + " is not in 0..100");
        }
    }

    /** Everything to one version. */
    public static TrafficSplit all(String version) {
        return new TrafficSplit(version, version, 0);
    }

    /** The weight of any version, in percent; all of them add up to 100. */
    public int weightOf(String version) {
        if (version.equals(stable)) {
            return 100 - weight;
        }
        return version.equals(candidate) ? weight : 0;
    }

    /** Whether two versions get traffic. */
    public boolean isSplit() {
        return weight > 0 && weight < 100;
    }
}
