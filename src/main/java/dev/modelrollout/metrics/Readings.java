package dev.modelrollout.metrics;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
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
import org.jspecify.annotations.Nullable;

/**
 * The informer over metric sources: each distinct question that somebody follows is asked once per tick, and its
 * followers are woken by the answer.
 *
 * <pre>
 *   follow ---> questions of an interval ---tick---> lane of a provider ---ask---> source
 *                     ^                                                              |
 *   wake <--------- answers <--------------------------------------------------------+
 * </pre>
 *
 * <p>At most 64 questions are in flight at a provider and 8 there for one namespace; the others wait, the namespaces
 * take turns, and who waited past a tick asks for the newest. A question that several namespaces follow counts on the
 * one of them with the fewest waiting. A question still unanswered is not asked again. Ticks are multiples of the
 * interval since the epoch; a new question is also asked at once, for the newest tick. Without followers nothing is
 * scheduled. Thread-safe.
 */
public final class Readings implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Readings.class.getName());

    private final Map<String, MetricSource> sources;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Consumer<String> wake;
    private final AnswerObserver observer;

    /** Guarded by {@code this}, like all below; nothing foreign is called under that lock. */
    private final Map<String, Following> followers = new HashMap<>();

    private final Map<Question, Followed> followed = new HashMap<>();
    private final Map<Duration, Set<Question>> rhythms = new HashMap<>();
    private final Map<Duration, Future<?>> nextTicks = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();

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
     * Replaces what a follower asks; none forgets it. Returns at once; changes nothing when nothing is new.
     *
     * @param follower is woken by this name
     * @param namespace on whose share of the requests the questions count
     * @param questions of known providers, with intervals of at least 1 ms
     * @throws IllegalArgumentException when a question cannot be asked; then nothing has changed
     */
    public synchronized void follow(String follower, String namespace, Set<Question> questions) {
        questions.forEach(this::requireAskable);
        var now = new Following(namespace, Set.copyOf(questions));
        var before = followers.getOrDefault(follower, Following.NOTHING);
        if (now.equals(before) || timer.isShutdown()) {
            return;
        }
        now.questions().forEach(question -> join(question, follower, namespace));
        before.questions().stream()
                .filter(question -> !now.questions().contains(question))
                .forEach(question -> leave(question, follower));
        if (questions.isEmpty()) {
            followers.remove(follower);
        } else {
            followers.put(follower, now);
        }
    }

    /**
     * The answers to a question, at most one per tick, oldest first, as far as their ticks lie within the last 2 min
     * and 3 intervals, whichever is longer; empty when nobody follows it.
     */
    public synchronized List<Answer> answers(Question question) {
        var it = followed.get(question);
        return it == null ? List.of() : it.answers(clock.instant());
    }

    /** Asks, takes and wakes no more. */
    @Override
    public synchronized void close() {
        timer.shutdownNow();
    }

    private record Following(String namespace, Set<Question> questions) {
        static final Following NOTHING = new Following("", Set.of());
    }

    private record Request(Question question, Instant tick, Instant at) {}

    private void requireAskable(Question question) {
        if (!sources.containsKey(question.provider())) {
            throw new IllegalArgumentException("unknown provider " + question.provider());
        }
        if (question.interval().toMillis() < 1) {
            throw new IllegalArgumentException("interval " + question.interval() + " is below 1 ms");
        }
    }

    private void join(Question question, String follower, String namespace) {
        var isNew = !followed.containsKey(question);
        followed.computeIfAbsent(question, it -> new Followed(it.interval())).join(follower, namespace);
        if (isNew) {
            rhythms.computeIfAbsent(question.interval(), none -> new LinkedHashSet<>())
                    .add(question);
            nextTicks.computeIfAbsent(question.interval(), this::schedule);
            enqueue(question);
            timer.execute(() -> askWaiting(question.provider()));
        }
    }

    private void leave(Question question, String follower) {
        var it = followed.get(question);
        if (it == null || it.leave(follower)) {
            return;
        }
        followed.remove(question);
        rhythms.computeIfPresent(question.interval(), (interval, questions) -> {
            questions.remove(question);
            return questions.isEmpty() ? null : questions;
        });
        if (!rhythms.containsKey(question.interval())) {
            stop(nextTicks.remove(question.interval()));
        }
    }

    private Future<?> schedule(Duration interval) {
        var delay = Ticks.untilNext(interval, clock.instant());
        return timer.schedule(() -> tick(interval), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void stop(@Nullable Future<?> tick) {
        if (tick != null) {
            tick.cancel(false);
        }
    }

    private void tick(Duration interval) {
        enqueueAll(interval).forEach(this::askWaiting);
    }

    /** A timer that fires early finds the tick asked for already, and waits for the rest. */
    private synchronized Set<String> enqueueAll(Duration interval) {
        var questions = rhythms.getOrDefault(interval, Set.of());
        if (!questions.isEmpty()) {
            stop(nextTicks.put(interval, schedule(interval)));
        }
        questions.forEach(this::enqueue);
        return questions.stream().map(Question::provider).collect(toUnmodifiableSet());
    }

    private void enqueue(Question question) {
        var it = followed.get(question);
        if (it == null) {
            return;
        }
        var lane = lane(question.provider());
        it.namespaces().stream()
                .min(comparingInt(lane::waiting).thenComparing(naturalOrder()))
                .ifPresent(namespace -> lane.offer(question, namespace));
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
            var question = next.get();
            var it = followed.get(question);
            var tick = Ticks.newest(question.interval(), now);
            if (it != null && it.takes(tick)) {
                return Optional.of(new Request(question, tick, now));
            }
            lane.done(question);
        }
        return Optional.empty();
    }

    private void ask(Request request) {
        CompletableFuture<Answer> answer;
        try {
            var source = requireNonNull(sources.get(request.question().provider()));
            answer = requireNonNull(source.ask(request.question(), request.tick()));
        } catch (RuntimeException misbehaviour) {
            answer = CompletableFuture.failedFuture(misbehaviour);
        }
        var unused = answer.whenCompleteAsync((given, failure) -> take(request, given, failure), timer);
    }

    private void take(Request request, @Nullable Answer given, @Nullable Throwable failure) {
        var provider = request.question().provider();
        if (given != null && given.tick().equals(request.tick())) {
            misbehaving.remove(provider);
            deliver(request, given);
            return;
        }
        if (misbehaving.add(provider)) {
            var error = failure == null ? "none" : failure.getClass().getName();
            LOG.log(WARNING, "event=SourceMisbehaves provider={0} error={1}", provider, error);
        }
        deliver(request, new Answer.Missing(request.tick(), BAD_ANSWER));
    }

    private void deliver(Request request, Answer answer) {
        var provider = request.question().provider();
        var now = clock.instant();
        keep(request.question(), answer, now).forEach(follower -> tell(() -> wake.accept(follower)));
        tell(() -> observer.answered(provider, answer, Duration.between(request.at(), now)));
        askWaiting(provider);
    }

    /** Who is to be woken. */
    private synchronized List<String> keep(Question question, Answer answer, Instant now) {
        lane(question.provider()).done(question);
        var it = followed.get(question);
        if (it == null) {
            return List.of();
        }
        it.add(answer, now);
        return it.followers();
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
