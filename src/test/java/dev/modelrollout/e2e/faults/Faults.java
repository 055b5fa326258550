package dev.modelrollout.e2e.faults;

/** Who decides on faults. */
@FunctionalInterface
interface Faults {

    /** Asked before each request is sent; may keep it waiting. */
    Fault at(Replica from, Message request);
}
