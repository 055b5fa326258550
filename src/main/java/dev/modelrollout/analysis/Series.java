package dev.modelrollout.analysis;

import java.util.OptionalDouble;

/**
 * Which counter it is: one scraped process, and in a histogram one of its buckets. A label that the answer lacks is
 * empty.
 *
 * @param le the bucket's upper bound as the server wrote it; empty when this is no bucket
 */
public record Series(String job, String pod, String instance, String le) {

    /** Of itself, and of four texts without their characters, which take up to 2 bytes each. */
    private static final long OBJECT_BYTES = 32 + 4 * 40;

    /** @throws IllegalArgumentException when {@code le} is neither empty nor a number */
    public Series {
        if (!le.isEmpty() && Double.isNaN(number(le))) {
            throw new IllegalArgumentException("le is not a number");
        }
    }

    /** The bucket's upper bound, infinite for {@code +Inf}; empty when this is no bucket. One bound has several texts. */
    public OptionalDouble bound() {
        return le.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(number(le));
    }

    /** About how many it takes in memory. */
    public long bytes() {
        return OBJECT_BYTES + 2L * (job.length() + pod.length() + instance.length() + le.length());
    }

    private static double number(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }
}
