package dev.modelrollout.demo;

/** Two counters, which only rise. */
record Counters(long requests, long failures) {

    static final Counters ZERO = new Counters(0, 0);

    Counters plus(Counters other) {
        return new Counters(requests + other.requests, failures + other.failures);
    }

    Counters since(Counters before) {
        return new Counters(requests - before.requests, failures - before.failures);
    }
}
