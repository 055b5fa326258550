package dev.modelrollout.analysis;

/**
 * The scores of one version in one window, or in several; each in [0, 1], higher is worse.
 *
 * @param sum 0..count
 * @param squares sum of their squares, 0..sum
 * @param count finite
 */
public record Scores(double sum, double squares, double count) {

    /** No score at all. */
    public static final Scores NONE = new Scores(0, 0, 0);

    public Scores {
        if (!(squares >= 0 && squares <= sum && sum <= count && Double.isFinite(count))) {
            throw new IllegalArgumentException(
                    "no scores in [0, 1]: sum " + sum + ", squares " + squares + ", count " + count);
        }
    }

    /** The same where higher was better. */
    public Scores turned() {
        var turned = count - sum;
        // rounding may leave the squares a last digit beyond what they can be
        return new Scores(turned, Math.min(Math.max(count - 2 * sum + squares, 0), turned), count);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return count == 0;
    }

    double mean() {
        return sum / count;
    }

    /** Before any score one half. */
    double smoothedMean() {
        return (sum + 0.5) / (count + 1);
    }

    double variance() {
        return squares / count - mean() * mean();
    }

    /** Sum of the squared distances from {@code center}. */
    double squaresAround(double center) {
        return squares - 2 * center * sum + count * center * center;
    }

    /** As many scores as there are counts, spread like these. */
    Scores ofAsMany(Counts counts) {
        var factor = counts.total() / count;
        return new Scores(
                Math.min(sum * factor, counts.total()),
                Math.min(squares * factor, Math.min(sum * factor, counts.total())),
                counts.total());
    }

    boolean canAdd(Scores other) {
        return Double.isFinite(count + other.count);
    }

    Scores plus(Scores other) {
        return new Scores(sum + other.sum, squares + other.squares, count + other.count);
    }
}
