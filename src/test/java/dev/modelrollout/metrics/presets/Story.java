package dev.modelrollout.metrics.presets;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What happened in twenty minutes, scraped 5 s before each tick.
 *
 * <pre>
 *   tick       1    2    3    4    5 ...  8 ... 80
 *   traffic    +    +    +    idle +      +     steady
 *   stable     two pods; one vanishes after 2
 *   candidate  one pod, which restarts after 2; another appears at 3
 *   jobs       up to 8, two scrape the first pod of the candidate
 *   errors     some series appear with the first error, at 3
 * </pre>
 *
 * Beside them, with far more traffic: Deployment chat-v2x, whose name begins like the candidate's; and another
 * namespace, where everything is named alike.
 */
record Story(boolean hasTwoJobs, List<Actor> actors) {

    static final Duration INTERVAL = Duration.ofSeconds(15);
    static final int FIRST_ERROR = 3;
    static final int LAST_TICK_OF_TWO_JOBS = 8;
    static final int LAST_TICK = 80;

    private static final Instant START = Instant.parse("2025-06-01T00:00:00Z");

    /**
     * Who is scraped: in {@code pods} each process is a pod of a version; in {@code gateways} each counts for all
     * versions; an {@code exporter} is one process, scraped by one job, and tells of all pods.
     */
    static Story of(String name) {
        return switch (name) {
            case "pods" -> new Story(true, Cast.PODS);
            case "gateways" -> new Story(true, Cast.GATEWAYS);
            case "exporter" -> new Story(false, Cast.PODS);
            default -> throw new IllegalArgumentException("no story " + name);
        };
    }

    static Instant tick(int number) {
        return START.plus(INTERVAL.multipliedBy(number));
    }

    static Instant scrape(int number) {
        return tick(number).minusSeconds(5);
    }

    /** Whether a second job scrapes it too. */
    boolean isScrapedTwice(Actor actor) {
        return hasTwoJobs && actor.equals(actors.get(0));
    }

    /**
     * What one process counts of one version. In a route the versions stand in their order, and v2x as the eleventh.
     *
     * @param level of its gauges
     * @param rounds of requests that it has seen, from tick {@code first} on; 0 is an idle or a new process
     * @param then rounds per tick after those
     * @param last tick at which it is there
     * @param restartsAt tick at which its counters began anew; 0 for never
     */
    record Actor(
            String process,
            String address,
            String namespace,
            String deployment,
            String version,
            int level,
            int first,
            List<Integer> rounds,
            int then,
            int last,
            int restartsAt) {

        boolean isThere(int tick) {
            return tick >= first && tick <= last;
        }

        int rounds(int tick) {
            var known = rounds.size();
            var index = tick - first;
            return index < known ? rounds.get(index) : rounds.get(known - 1) + then * (index - known + 1);
        }

        int restarts(int tick) {
            return restartsAt > 0 && tick >= restartsAt ? 1 : 0;
        }

        private String backend() {
            return switch (version) {
                case "v1" -> "0";
                case "v2" -> "1";
                default -> "10";
            };
        }

        Map<String, String> names() {
            return Map.of(
                    "process", process,
                    "address", address,
                    "namespace", namespace,
                    "deployment", deployment,
                    "service", deployment,
                    "version", version,
                    "backend", backend());
        }
    }

    private static final class Cast {

        private static final String V2_POD = "chat-v2-5c8d7f9b4-q9w2z";

        static final List<Actor> PODS = List.of(
                candidate(V2_POD, "10.0.0.3", 3, 1, List.of(4, 8, 3, 3, 6, 9, 12, 15), 3, LAST_TICK, 3),
                candidate("chat-v2-5c8d7f9b4-m4n6r", "10.0.0.4", 5, 3, List.of(1, 1, 2, 3, 4, 5), 1, LAST_TICK, 0),
                stable(
                        "chat-7d9f8c6b54-x2k4p",
                        "10.0.0.1",
                        1,
                        1,
                        List.of(10, 20, 30, 30, 40, 50, 60, 70),
                        10,
                        LAST_TICK),
                stable("chat-7d9f8c6b54-b7m9q", "10.0.0.2", 2, 1, List.of(5, 10), 0, 2),
                alike("chat-v2x-6b7c8d9f5-t5v7w", "10.0.0.5", "serving", "chat-v2x", "v2x", 7),
                alike(V2_POD, "10.0.1.3", "other", "chat-v2", "v2", 11),
                alike("chat-7d9f8c6b54-x2k4p", "10.0.1.1", "other", "chat", "v1", 13));

        static final List<Actor> GATEWAYS = Stream.of(
                        gateway(
                                "gw-1",
                                "10.1.0.1",
                                1,
                                List.of(1, 2, 1, 1, 2, 3, 4, 5),
                                List.of(10, 20, 4, 4, 8, 12, 16, 20),
                                LAST_TICK),
                        gateway(
                                "gw-2",
                                "10.1.0.2",
                                3,
                                List.of(3, 3, 6, 9, 12, 15),
                                List.of(2, 2, 4, 6, 8, 10),
                                LAST_TICK),
                        gateway("gw-3", "10.1.0.3", 1, List.of(2, 4), List.of(7, 14), 2))
                .flatMap(List::stream)
                .toList();

        private static Actor candidate(
                String pod,
                String address,
                int level,
                int first,
                List<Integer> rounds,
                int then,
                int last,
                int restartsAt) {
            return new Actor(pod, address, "serving", "chat-v2", "v2", level, first, rounds, then, last, restartsAt);
        }

        private static Actor stable(
                String pod, String address, int level, int first, List<Integer> rounds, int then, int last) {
            return new Actor(pod, address, "serving", "chat", "v1", level, first, rounds, then, last, 0);
        }

        private static Actor alike(
                String pod, String address, String namespace, String deployment, String version, int level) {
            return new Actor(
                    pod, address, namespace, deployment, version, level, 1, List.of(1_000), 1_000, LAST_TICK, 5);
        }

        private static List<Actor> gateway(
                String pod, String address, int first, List<Integer> candidate, List<Integer> stable, int last) {
            return List.of(
                    new Actor(pod, address, "serving", "chat-v2", "v2", 1, first, candidate, 1, last, 0),
                    new Actor(pod, address, "serving", "chat", "v1", 1, first, stable, 1, last, 0),
                    new Actor(pod, address, "serving", "chat-v2x", "v2x", 1, first, List.of(1_000), 1_000, last, 0),
                    new Actor(pod, address, "other", "chat-v2", "v2", 1, first, List.of(500), 500, last, 0),
                    new Actor(pod, address, "other", "chat", "v1", 1, first, List.of(700), 700, last, 0));
        }
    }
}
