package dev.modelrollout.analysis;

import java.util.function.Function;
import java.util.function.Supplier;

/** What the evidence of one check says about the candidate. */
public sealed interface Verdict {

    /** One result for each kind of verdict. */
    <T> T fold(
            Supplier<T> onSafe,
            Function<Undecided, T> onUndecided,
            Function<Harmful, T> onHarmful,
            Function<Blind, T> onBlind);

    /** The name on the wire. */
    default String text() {
        return getClass().getSimpleName();
    }

    /** The candidate keeps its limits. */
    record Safe() implements Verdict {

        @Override
        public <T> T fold(
                Supplier<T> onSafe,
                Function<Undecided, T> onUndecided,
                Function<Harmful, T> onHarmful,
                Function<Blind, T> onBlind) {
            return onSafe.get();
        }
    }

    /** Not yet known. {@code need} says for people what is still missing. */
    record Undecided(String need) implements Verdict {

        @Override
        public <T> T fold(
                Supplier<T> onSafe,
                Function<Undecided, T> onUndecided,
                Function<Harmful, T> onHarmful,
                Function<Blind, T> onBlind) {
            return onUndecided.apply(this);
        }
    }

    /**
     * The candidate is beyond a limit. {@code shared} when stable is beyond the same limit too, so that taking the
     * candidate back would help nobody.
     */
    record Harmful(boolean shared) implements Verdict {

        @Override
        public <T> T fold(
                Supplier<T> onSafe,
                Function<Undecided, T> onUndecided,
                Function<Harmful, T> onHarmful,
                Function<Blind, T> onBlind) {
            return onHarmful.apply(this);
        }
    }

    /** No verdict to be had. */
    record Blind(Blindness why) implements Verdict {

        @Override
        public <T> T fold(
                Supplier<T> onSafe,
                Function<Undecided, T> onUndecided,
                Function<Harmful, T> onHarmful,
                Function<Blind, T> onBlind) {
            return onBlind.apply(this);
        }
    }
}
