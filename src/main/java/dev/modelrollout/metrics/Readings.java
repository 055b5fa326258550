package dev.modelrollout.metrics;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.TIMEOUT;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The informer over metric sources: each distinct question that somebody follows is asked once per tick, for one tick
 * or for its history, and its followers are woken by the answer.
 *
 * <pre>
 *   follow ---> questions of a rhythm ---tick---> lane of a provider ---ask---> source
 *                    ^                                                           |
 *   wake <-------- answers <-----------------------------------------------------+
 * </pre>
 *
 * <p>At most 64 questions are in flight at a provider and 8 there for one namespace, of which 4 may be about a
 * history; the others wait, the namespaces take turns, and who waited past a tick asks for the newest. A question that
 * several namespaces follow counts on the one of them with the fewest waiting. A question still unanswered is not
 * asked again. Who has waited behind one that times out at a tick has timed out as well, unless its namespace had an
 * answer meanwhile. Ticks are multiples of the interval since the epoch, asked for once they have settled; a new
 * question is also asked at once, for the newest of them. A history is asked for in pieces of 15 min, and goes on
 * piece by piece while its question is asked at every tick. Without followers nothing is scheduled. The newest
 * counters that one namespace follows take at most 16 MiB; what comes then is too large. Its histories take at most 8
 * MiB; what comes then is left out. Thread-safe.
 */
public final class Readings implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Readings.class.getName());

    /** Two million counters without their series: 100 series at each of 120 ticks of 160 questions. */
    private static final long NEWEST_BYTES = 16L << 20;

    /** A million counters without their series: 2 series at each of 900 ticks of 580 questions. */
    private static final long PAST_BYTES = 8L << 20;

    private final Map<String, MetricSource> sources;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Consumer<String> wake;
    private final AnswerObserver observer;

    /** Guarded by {@code this}, like all below; nothing foreign is called under that lock. */
    private final Map<String, Following> followers = new HashMap<>();

    private final Map<Question, Followed> followed = new HashMap<>();
    private final Map<Rhythm, Set<Question>> rhythms = new HashMap<>();
    private final Map<Rhythm, Future<?>> nextTicks = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Budget newest = new Budget(NEWEST_BYTES);
    private final Budget past = new Budget(PAST_BYTES);

    /** Of the timer's thread alone. */
    private final Set<String> misbehaving = new HashSet<>();

    /**
     * @param sources by the name of their provider
     * @param clock must not go backwards; the newest tick would then be asked for only once time has caught up
     * @param timer one thread, on which sources are asked, answers taken and followers woken; it is shut down by {@link
     *     #close()}
     * @param wake takes the name of a follower that has a new answer; must return quickly
     */
    public Readings(
            Map<String, MetricSource> sources,
            InstantSource clock,
            ScheduledExecutorService timer,
            Consumer<String> wake,
            AnswerObserver observer) {
        this.sources = Map.copyOf(sources);
        this.clock = clock;
        this.timer = timer;
        this.wake = wake;
        this.observer = observer;
    }

    /** The names of the configured providers. */
    public Set<String> providers() {
        return sources.keySet();
    }

    /**
     * Replaces what a follower wants; {@link Wanted#NOTHING} forgets it. Returns at once; changes nothing when nothing
     * is new.
     *
     * @param follower is woken by this name
     * @param namespace on whose share of the requests the questions count
     * @param wanted questions of known providers, with intervals of at least 1 ms
     * @throws IllegalArgumentException when a question cannot be asked; then nothing has changed
     */
    public synchronized void follow(String follower, String namespace, Wanted wanted) {
        var questions = wanted.questions();
        questions.forEach(this::requireAskable);
        var now = new Following(namespace, wanted);
        var before = followers.getOrDefault(follower, Following.NOTHING);
        if (now.equals(before) || timer.isShutdown()) {
            return;
        }
        questions.forEach(question -> join(question, follower, now));
        before.wanted().questions().stream()
                .filter(question -> !questions.contains(question))
                .forEach(question -> leave(question, follower));
        if (questions.isEmpty()) {
            followers.remove(follower);
        } else {
            followers.put(follower, now);
        }
    }

    /**
     * The answers to a question, at most one per tick, oldest first: those whose ticks lie within the last 2 min and 3
     * intervals, whichever is longer, and those of the ticks that somebody wants once. An answer does not change as
     * long as it is kept; one that there was no room for is missing. Empty when nobody follows the question.
     */
    public synchronized List<Answer> answers(Question question) {
        var it = followed.get(question);
        return it == null ? List.of() : it.answers(clock.instant());
    }

    /**
     * The counters that answer a question at the ticks of an hour, at most 900, oldest first: first that before its
     * history was wanted, and, where it is also wanted at every tick, a newer quarter of an hour as soon as one has
     * passed. Ticks without an answer are left out, so there may be none. Empty until all of it was asked, and when
     * nobody wants it.
     */
    public Optional<List<Answer>> history(Question question) {
        return slices(question)
                .map(slices -> slices.stream().flatMap(History.Slice::answers).toList());
    }

    /** Making answers of these takes too long for the lock. */
    private synchronized Optional<List<History.Slice>> slices(Question question) {
        return Optional.ofNullable(followed.get(question)).flatMap(Followed::history);
    }

    /** Asks, takes and wakes no more. */
    @Override
    public synchronized void close() {
        timer.shutdownNow();
    }

    private record Following(String namespace, Wanted wanted) {
        static final Following NOTHING = new Following("", Wanted.NOTHING);
    }

    /** Questions that are asked at the same moments. */
    private record Rhythm(Duration interval, Question.Form form) {
        static Rhythm of(Question question) {
            return new Rhythm(question.interval(), question.form());
        }
    }

    private record Request(Errand errand, List<Instant> ticks, Instant at) {

        Question question() {
            return errand.question();
        }

        CompletableFuture<List<Answer>> put(MetricSource source) {
            return ticks.size() == 1
                    ? source.ask(question(), ticks.get(0)).thenApply(List::of)
                    : source.askRange(question(), ticks);
        }

        List<Answer> checked(List<Answer> answers) {
            if (!answers.stream().map(Answer::tick).toList().equals(ticks)) {
                throw new IllegalStateException("these are not the answers to the ticks asked for");
            }
            return answers;
        }

        List<Answer> missing() {
            return ticks.stream()
                    .<Answer>map(tick -> new Answer.Missing(tick, BAD_ANSWER))
                    .toList();
        }
    }

    private void requireAskable(Question question) {
        if (!sources.containsKey(question.provider())) {
            throw new IllegalArgumentException("unknown provider " + question.provider());
        }
        if (question.interval().toMillis() < 1) {
            throw new IllegalArgumentException("interval " + question.interval() + " is below 1 ms");
        }
    }

    private void join(Question question, String follower, Following following) {
        var it = followed.computeIfAbsent(question, none -> new Followed(none, newest, past));
        if (it.join(follower, following.namespace(), following.wanted(), clock.instant())) {
            enqueue(question);
            schedule(question);
            timer.execute(() -> askWaiting(question.provider()));
        }
    }

    private void leave(Question question, String follower) {
        var it = followed.get(question);
        if (it != null && !it.leave(follower, clock.instant())) {
            followed.remove(question);
        }
        schedule(question);
    }

    /** Whether and when it is to be asked again. */
    private void schedule(Question question) {
        var it = followed.get(question);
        var rhythm = Rhythm.of(question);
        if (it != null && it.isToContinue(clock.instant())) {
            rhythms.computeIfAbsent(rhythm, none -> new LinkedHashSet<>()).add(question);
            nextTicks.computeIfAbsent(rhythm, none -> scheduleTick(question));
            return;
        }
        rhythms.computeIfPresent(rhythm, (same, questions) -> {
            questions.remove(question);
            return questions.isEmpty() ? null : questions;
        });
        if (!rhythms.containsKey(rhythm)) {
            stop(nextTicks.remove(rhythm));
        }
    }

    private Future<?> scheduleTick(Question question) {
        var delay = Ticks.untilNext(question, clock.instant());
        return timer.schedule(() -> tick(Rhythm.of(question)), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void stop(@Nullable Future<?> tick) {
        if (tick != null) {
            tick.cancel(false);
        }
    }

    private void tick(Rhythm rhythm) {
        enqueueAll(rhythm).forEach(this::askWaiting);
    }

    /** A timer that fires early finds the tick asked for already, and waits for the rest. */
    private synchronized Set<String> enqueueAll(Rhythm rhythm) {
        var questions = List.copyOf(rhythms.getOrDefault(rhythm, Set.of()));
        stop(nextTicks.remove(rhythm));
        questions.forEach(this::enqueue);
        questions.forEach(this::schedule);
        return questions.stream().map(Question::provider).collect(toUnmodifiableSet());
    }

    private void enqueue(Question question) {
        var it = followed.get(question);
        if (it != null) {
            it.errands(clock.instant()).forEach(errand -> enqueue(errand, it.namespaces()));
        }
    }

    private void enqueue(Errand errand, Set<String> namespaces) {
        var lane = lane(errand.question().provider());
        namespaces.stream()
                .min(comparingInt(lane::waiting).thenComparing(naturalOrder()))
                .ifPresent(namespace -> lane.offer(errand, namespace, clock.instant()));
    }

    private Lane lane(String provider) {
        return lanes.computeIfAbsent(provider, none -> new Lane());
    }

    private void askWaiting(String provider) {
        for (var request = nextRequest(provider); request.isPresent(); request = nextRequest(provider)) {
            ask(request.get());
        }
    }

    private synchronized Optional<Request> nextRequest(String provider) {
        var lane = lane(provider);
        var now = clock.instant();
        for (var next = lane.next(); next.isPresent(); next = lane.next()) {
            var errand = next.get();
            var it = followed.get(errand.question());
            var ticks = it == null ? List.<Instant>of() : errand.take(it, now);
            if (!ticks.isEmpty()) {
                return Optional.of(new Request(errand, ticks, now));
            }
            lane.done(errand);
        }
        return Optional.empty();
    }

    private void ask(Request request) {
        CompletableFuture<List<Answer>> answers;
        try {
            var source = requireNonNull(sources.get(request.question().provider()));
            answers = requireNonNull(request.put(source)).thenApply(request::checked);
        } catch (RuntimeException misbehaviour) {
            answers = CompletableFuture.failedFuture(misbehaviour);
        }
        var unused = answers.whenCompleteAsync((given, failure) -> take(request, given, failure), timer);
    }

    private void take(Request request, @Nullable List<Answer> given, @Nullable Throwable failure) {
        var provider = request.question().provider();
        if (given != null) {
            misbehaving.remove(provider);
            deliver(request, given);
            return;
        }
        if (misbehaving.add(provider)) {
            var error = failure == null ? "none" : failure.getClass().getName();
            LOG.log(WARNING, "event=SourceMisbehaves provider={0} error={1}", provider, error);
        }
        deliver(request, request.missing());
    }

    private void deliver(Request request, List<Answer> answers) {
        var provider = request.question().provider();
        var now = clock.instant();
        keep(request, answers, now).forEach(follower -> tell(() -> wake.accept(follower)));
        tell(() -> observer.answered(provider, summary(answers), Duration.between(request.at(), now)));
        askWaiting(provider);
    }

    private static boolean isTimeout(Answer answer) {
        return answer.fold(value -> false, counters -> false, why -> why == TIMEOUT);
    }

    private static Answer summary(List<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.fold(value -> true, counters -> true, why -> false))
                .findFirst()
                .orElse(answers.get(0));
    }

    /** Who is to be woken. */
    private synchronized Set<String> keep(Request request, List<Answer> answers, Instant now) {
        var errand = request.errand();
        var lane = lane(errand.question().provider());
        var behind = List.<Errand>of();
        if (answers.stream().allMatch(Readings::isTimeout)) {
            behind = lane.behind(errand, request.at());
        } else {
            lane.answered(errand, now);
        }
        lane.done(errand);
        var woken = new LinkedHashSet<String>();
        addFollowers(errand, it -> errand.deliver(it, answers, now), woken);
        behind.forEach(late -> addFollowers(late, it -> late.timeOut(it, request.at(), now), woken));
        return woken;
    }

    private void addFollowers(Errand errand, Predicate<Followed> isNews, Set<String> woken) {
        var it = followed.get(errand.question());
        if (it != null && isNews.test(it)) {
            woken.addAll(it.followers());
        }
    }

    /** One hearer that fails keeps no other from hearing; its message may show what must not be shown. */
    private static void tell(Runnable hearer) {
        try {
            hearer.run();
        } catch (RuntimeException failure) {
            LOG.log(WARNING, "event=HearerFailed error={0}", failure.getClass().getName());
        }
    }
}
