package dev.modelrollout.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which process wrote which version of which object, as the API server has answered. Thread-safe. */
final class Writers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Act> LEADERS = EnumSet.of(Act.ROUTE, Act.STATUS, Act.FINALIZER);

    /** By resourceVersion: these are in one order over all kinds. */
    private final TreeMap<Long, Write> writes = new TreeMap<>();

    private record Write(String process, Act act, Instant sent, Instant at) {}

    void answered(String process, Instant sent, Message request, Message answer) {
        var act = Act.of(request);
        if (answer.status() == 200 && LEADERS.contains(act)) {
            wrote(version(answer), new Write(process, act, sent, Instant.now()));
        }
    }

    private synchronized void wrote(long version, Write write) {
        writes.putIfAbsent(version, write);
    }

    private static long version(Message answer) {
        try {
            return JSON.readTree(answer.text()).at("/metadata/resourceVersion").asLong();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When others than this process wrote since then, the earliest first. */
    synchronized List<Instant> others(String process, Instant since) {
        return writes.values().stream()
                .filter(write -> !write.process().equals(process))
                .map(Write::at)
                .filter(since::isBefore)
                .sorted()
                .toList();
    }

    /**
     * Where a process wrote after the next one had; empty when all is well.
     *
     * @param histories each as it was stored, in its order
     */
    synchronized List<String> broken(List<List<Look>> histories) {
        var stored = histories.stream()
                .flatMap(List::stream)
                .collect(Collectors.toMap(Look::version, Look::at, (one, other) -> one));
        var broken = new ArrayList<String>();
        var former = new HashSet<String>();
        var present = "";
        for (var write : writes.entrySet()) {
            var process = write.getValue().process();
            if (!isChange(write.getValue(), stored.get(write.getKey()))) {
                continue;
            }
            if (former.contains(process)) {
                broken.add("I11: version %d after %s: %s".formatted(write.getKey(), present, write.getValue()));
            } else if (!process.equals(present)) {
                former.add(present);
                present = process;
            }
        }
        histories.forEach(history -> broken.addAll(byNobody(history)));
        return broken;
    }

    /** What changes nothing is answered with the version that was there before it was sent. */
    private static boolean isChange(Write write, @Nullable Instant stored) {
        return stored != null && !stored.isBefore(write.sent());
    }

    private List<String> byNobody(List<Look> history) {
        var routes = history.stream().filter(Look::isRoute).toList();
        return IntStream.range(1, routes.size())
                .filter(i -> routes.get(i).generation() > routes.get(i - 1).generation())
                .mapToObj(routes::get)
                .filter(look -> !writes.containsKey(look.version()))
                .map(look -> "I11: nobody is known to have written " + look)
                .toList();
    }
}
