package dev.modelrollout.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * How the capital of a test is placed before the first window: a grid of bets, since the true ratio is not known.
 *
 * @param bets their weights add up to 1
 * @param staked the share of the capital that is staked at once; the rest is cash
 * @param drip the share of the cash that is staked afresh in each window, for harm that begins late: a mixture over
 *     the times of a change, so the mean of the capital stays at most 1
 * @param spread what the best bet is behind one that knew the ratio, in nats; for estimates
 * @param placed the capital before the first window
 */
record Bets(List<Bet> bets, double staked, double drip, double spread, Stakes placed) {

    /** That the candidate is {@code kappa} times as bad as the border. */
    record Bet(double kappa, double weight) {}

    static final Bets OF_HARM = new Bets(
            List.of(
                    new Bet(1.2, .10),
                    new Bet(1.5, .20),
                    new Bet(2, .25),
                    new Bet(3, .20),
                    new Bet(5, .10),
                    new Bet(10, .10),
                    new Bet(30, .05)),
            0.75,
            1.0 / 200,
            1.9);

    static final Bets OF_SAFETY = new Bets(
            List.of(new Bet(.85, .25), new Bet(.7, .25), new Bet(.5, .25), new Bet(.25, .25)), 1, 0, Math.log(4));

    Bets {
        bets = List.copyOf(bets);
    }

    private Bets(List<Bet> bets, double staked, double drip, double spread) {
        this(
                bets,
                staked,
                drip,
                spread,
                new Stakes(
                        bets.stream()
                                .map(bet -> Math.log(staked * bet.weight()))
                                .toList(),
                        Math.log1p(-staked)));
    }

    /** The capital after a window: first some cash is staked, then every bet is paid. */
    Stakes settled(Stakes before, Payout payout) {
        var logs = new ArrayList<Double>(bets.size());
        for (var i = 0; i < bets.size(); i++) {
            logs.add(staked(before, i) + payout.gain(bets.get(i).kappa()));
        }
        return new Stakes(logs, before.logCash() + Math.log1p(-drip));
    }

    private double staked(Stakes before, int bet) {
        var fresh = before.logCash() + Math.log(drip * bets.get(bet).weight());
        return LogSumExp.of(before.logs().get(bet), fresh);
    }
}
