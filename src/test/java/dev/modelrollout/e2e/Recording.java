package dev.modelrollout.e2e;

import dev.modelrollout.e2e.RouteHistory.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a watch of its route and the senders of its requests saw of one model.
 *
 * @param exchanges with this model alone
 * @param end of the load
 */
record Recording(Model model, RouteHistory history, List<Exchange> exchanges, Instant end) {

    /** What a gateway may take to serve new weights; requests sent before that are in no share. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    List<Rung> rungs() {
        return history.rungs(end);
    }

    /** Of the requests sent while the gateway surely served this weight. */
    Share share(Rung rung) {
        var from = rung.from().plus(SETTLING);
        var to = rung.to().minus(RouteHistory.LATENESS);
        return new Share(rung.weight(), (int) within(from, to).count(), (int)
                within(from, to).filter(this::isByCandidate).count());
    }

    /** Sent on this rung, also at its edges. */
    Stream<Exchange> failed(Rung rung) {
        return within(rung.from(), rung.to()).filter(Exchange::failed);
    }

    Stream<Exchange> ofCandidate() {
        return exchanges.stream().filter(this::isByCandidate);
    }

    boolean isByCandidate(Exchange exchange) {
        return exchange.server().equals(model.candidate().deployment());
    }

    private Stream<Exchange> within(Instant from, Instant to) {
        return exchanges.stream()
                .filter(exchange ->
                        !exchange.sent().isBefore(from) && exchange.sent().isBefore(to));
    }
}
