package dev.modelrollout.e2e;

import java.time.Instant;

/**
 * One request as its sender saw it.
 *
 * @param model whose route it was sent to
 * @param status of HTTP; 0 when there was no answer at all
 * @param server the Deployment whose server answered; empty when it was none
 */
record Exchange(String model, Instant sent, int status, String server) {

    boolean failed() {
        return status != 200;
    }
}
