package dev.modelrollout.demo;

/** What was promised, and what was seen. */
record Promise(String what, String promised, String seen, boolean kept) {

    /** Kept if both read the same. */
    static Promise same(String what, Object promised, Object seen) {
        return new Promise(what, promised.toString(), seen.toString(), promised.equals(seen));
    }
}
