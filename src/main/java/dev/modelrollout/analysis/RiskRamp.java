package dev.modelrollout.analysis;

/**
 * The ramp that goes as fast as the evidence allows: at most {@code risk} of all requests may fail beyond what stable
 * would have failed. All are shares of 1.
 *
 * @param risk above 0
 * @param least lowest weight that it gives, above 0
 * @param most highest weight that it gives
 * @param growth how many times the weight a rise may give, at least 1
 */
public record RiskRamp(double risk, double least, double most, double growth) {

    private static final double LEAST_EXCESS = 1e-6;
    private static final double WORRYING = 0.5;

    public RiskRamp {
        if (!(risk > 0 && least > 0 && least <= most && most <= 1 && growth >= 1)) {
            throw new IllegalArgumentException(
                    "no ramp: risk " + risk + ", weights " + least + " to " + most + ", growth " + growth);
        }
    }

    /**
     * The weight that is allowed now.
     *
     * @param excess by how much the candidate's share of bad events may be above stable's, with the confidence wanted
     * @param harm log evidence of harm over ln(1/alpha); from one half on nothing rises
     */
    public double weight(double now, double excess, double harm) {
        var allowed = Math.min(within(risk / Math.max(excess, LEAST_EXCESS)), now * growth);
        return within(harm >= WORRYING ? Math.min(allowed, now) : allowed);
    }

    private double within(double weight) {
        return Math.min(Math.max(weight, least), most);
    }
}
