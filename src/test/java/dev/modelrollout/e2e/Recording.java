package dev.modelrollout.e2e;

import static java.util.Comparator.naturalOrder;

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

    /** What a gateway may take to serve new weights. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    List<Rung> rungs() {
        return history.rungs(end);
    }

    /** Of the requests sent while the gateway surely served this weight. */
    Share share(Rung rung) {
        var sent = sent(rung.from().plus(SETTLING), rung.to().minus(RouteHistory.LATENESS))
                .toList();
        return new Share(rung.weight(), sent.size(), (int)
                sent.stream().filter(this::isByCandidate).count());
    }

    Stream<Exchange> failed(Rung rung) {
        return sent(rung.from(), rung.to()).filter(Exchange::failed);
    }

    boolean isByCandidate(Exchange exchange) {
        return exchange.server().equals(model.candidate().deployment());
    }

    Instant firstFailure() {
        return exchanges.stream()
                .filter(Exchange::failed)
                .map(Exchange::sent)
                .min(naturalOrder())
                .orElseThrow();
    }

    Instant lastOfCandidate() {
        return exchanges.stream()
                .filter(this::isByCandidate)
                .map(Exchange::sent)
                .max(naturalOrder())
                .orElseThrow();
    }

    private Stream<Exchange> sent(Instant from, Instant to) {
        return exchanges.stream()
                .filter(exchange ->
                        !exchange.sent().isBefore(from) && exchange.sent().isBefore(to));
    }
}
