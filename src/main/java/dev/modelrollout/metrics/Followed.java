package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One question that somebody follows, and its answers. Not thread-safe. */
final class Followed {

    private static final Duration MIN_KEPT = Duration.ofMinutes(2);

    /** What one follower wants of this question. */
    private record Interest(String namespace, boolean everyTick, Set<Instant> once, boolean history) {}

    private final Question question;
    private final Duration kept;
    private final Budget.Bill newest;
    private final Budget.Bill past;
    private final Map<String, Interest> interests = new HashMap<>();

    /** The first answer to a tick stands. */
    private final NavigableMap<Instant, Answer> answers = new TreeMap<>();

    private final Set<Instant> inFlight = new HashSet<>();
    private Instant newestAsked = Instant.MIN;
    private @Nullable History history;

    /**
     * @param newest pays for the answers
     * @param past pays for the history
     */
    Followed(Question question, Budget newest, Budget past) {
        this.question = question;
        this.newest = newest.bill();
        this.past = past.bill();
        var three = question.interval().multipliedBy(3);
        this.kept = three.compareTo(MIN_KEPT) < 0 ? MIN_KEPT : three;
    }

    /** Whether this changes what the follower wants of this question. */
    boolean join(String follower, String namespace, Wanted wanted, Instant now) {
        var interest = new Interest(
                namespace,
                wanted.everyTick().contains(question),
                wanted.once().stream()
                        .filter(asked -> asked.question().equals(question))
                        .map(Wanted.Asked::tick)
                        .collect(Collectors.toSet()),
                wanted.history().contains(question));
        var isNew = !interest.equals(interests.put(follower, interest));
        keepHistory(now);
        payNewest();
        payPast();
        return isNew;
    }

    /** Whether anybody is left. */
    boolean leave(String follower, Instant now) {
        interests.remove(follower);
        keepHistory(now);
        payNewest();
        payPast();
        return !interests.isEmpty();
    }

    List<String> followers() {
        return List.copyOf(interests.keySet());
    }

    Set<String> namespaces() {
        return interests.values().stream().map(Interest::namespace).collect(Collectors.toUnmodifiableSet());
    }

    /** What is to be asked for by now, as far as it is neither known nor in flight. */
    Stream<Errand> errands(Instant now) {
        Stream<Errand> newest = isWantedAtEachTick() ? Stream.of(new Errand.Newest(question)) : Stream.empty();
        Stream<Errand> once =
                once().filter(tick -> isDue(tick, now) && isUnknown(tick)).map(tick -> new Errand.Once(question, tick));
        var goneOn = isWantedAtEachTick() ? Ticks.newest(question, now) : Instant.MIN;
        Stream<Errand> pieces = history == null
                ? Stream.empty()
                : history.wanted(goneOn).stream().map(piece -> piece);
        return Stream.of(newest, once, pieces).flatMap(errands -> errands);
    }

    /** Whether a later tick will bring an errand. */
    boolean isToContinue(Instant now) {
        return isWantedAtEachTick() || once().anyMatch(tick -> !isDue(tick, now));
    }

    /** The newest tick, in flight from now on; none when it is known or was asked for already. */
    List<Instant> takeNewest(Instant now) {
        var tick = Ticks.newest(question, now);
        if (!isWantedAtEachTick() || !tick.isAfter(newestAsked)) {
            return List.of();
        }
        newestAsked = tick;
        return take(tick);
    }

    /** This tick, in flight from now on; none when nobody wants it, or it is known or was asked for already. */
    List<Instant> takeOnce(Instant tick) {
        return once().anyMatch(tick::equals) ? take(tick) : List.of();
    }

    /** A tick that was not asked for in time; whether it has no other answer. */
    boolean timeOut(Instant tick, Instant now) {
        if (!isWantedAtEachTick() || !isUnknown(tick)) {
            return false;
        }
        add(new Answer.Missing(tick, Blindness.TIMEOUT), now);
        return true;
    }

    /** Whether the history lacks this piece. */
    boolean lacks(Errand.Piece piece) {
        return history != null && history.lacks(piece);
    }

    /** What would take too much memory is not kept. */
    void add(Answer answer, Instant now) {
        forget(now);
        inFlight.remove(answer.tick());
        if (answers.containsKey(answer.tick())) {
            return;
        }
        answers.put(answer.tick(), sharing(answer));
        if (!payNewest()) {
            answers.put(answer.tick(), new Answer.Missing(answer.tick(), Blindness.TOO_LARGE));
            payNewest();
        }
    }

    /** Whether the history is complete by this. */
    boolean add(Errand.Piece piece, List<Answer> its) {
        if (history == null) {
            return false;
        }
        var isComplete = history.add(piece, its);
        if (!payPast()) {
            history.leaveOut(piece);
            payPast();
        }
        return isComplete;
    }

    /** Its series are those of the counters kept before it, as far as they are equal. */
    private Answer sharing(Answer answer) {
        var before = answers.headMap(answer.tick(), false).descendingMap().values().stream()
                .flatMap(earlier -> earlier.counters().stream())
                .findFirst();
        return answer.counters()
                .flatMap(counters -> before.map(counters::sharing))
                .<Answer>map(shared -> shared)
                .orElse(answer);
    }

    private boolean payNewest() {
        return newest.pay(
                namespaces(),
                Answer.Counters.bytes(answers.values().stream().flatMap(answer -> answer.counters().stream())));
    }

    private boolean payPast() {
        return past.pay(namespaces(), history == null ? 0 : history.bytes());
    }

    List<Answer> answers(Instant now) {
        forget(now);
        return List.copyOf(answers.values());
    }

    Optional<List<History.Slice>> history() {
        return Optional.ofNullable(history).flatMap(History::slices);
    }

    private boolean isWantedAtEachTick() {
        return interests.values().stream().anyMatch(Interest::everyTick);
    }

    private Stream<Instant> once() {
        return interests.values().stream().flatMap(interest -> interest.once().stream());
    }

    private boolean isDue(Instant tick, Instant now) {
        return !tick.plus(question.settles()).isAfter(now);
    }

    private boolean isUnknown(Instant tick) {
        return !answers.containsKey(tick) && !inFlight.contains(tick);
    }

    private List<Instant> take(Instant tick) {
        return isUnknown(tick) && inFlight.add(tick) ? List.of(tick) : List.of();
    }

    private void keepHistory(Instant now) {
        if (interests.values().stream().noneMatch(Interest::history)) {
            history = null;
        } else if (history == null) {
            history = new History(question, Ticks.newest(question, now));
        }
    }

    private void forget(Instant now) {
        var wanted = once().collect(Collectors.toSet());
        if (answers.headMap(now.minus(kept)).keySet().removeIf(tick -> !wanted.contains(tick))) {
            payNewest();
        }
    }
}
