package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Reason.Standing;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeriesBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Kubernetes Events: one per transition, equal ones as a series. They follow the status and delay nothing: an Event
 * that cannot be written is lost.
 */
final class Notices {

    private static final System.Logger LOG = System.getLogger(Notices.class.getName());
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int REMEMBERED = 1000;
    private static final int WAITING = 1000;
    private static final int NOTE_LIMIT = 1000;

    private final KubernetesClient client;
    private final Executor executor;
    private final String instance;
    private final Map<String, Event> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Event> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** {@code executor} has one thread: Events are written in their order. */
    Notices(KubernetesClient client, Executor executor, String instance) {
        this.client = client;
        this.executor = executor;
        this.instance = instance;
    }

    /** One thread, before which a thousand Events wait at most: while the API server takes none, the oldest are lost. */
    static Executor oneThread() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> {
                    var thread = new Thread(task, "notices");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardOldestPolicy());
    }

    /** Tells of a transition. */
    void tell(ModelRollout rollout, Decision decision, Move move, Instant now) {
        var type = decision.standing() == Standing.STALLED ? "Warning" : "Normal";
        tell(rollout, type, decision.reason().text(), move.action().text(), decision.message(), now);
    }

    /** Tells that a rollout cannot go on. */
    void tellStalled(ModelRollout rollout, String reason, String message, Instant now) {
        tell(rollout, "Warning", reason, Move.Action.HOLD.text(), message, now);
    }

    private void tell(ModelRollout rollout, String type, String reason, String action, String note, Instant now) {
        var event = event(rollout, type, reason, action, note, now);
        executor.execute(() -> {
            try {
                write(event, now);
            } catch (KubernetesClientException e) {
                LOG.log(System.Logger.Level.WARNING, "an Event could not be written: code={0}", e.getCode());
            }
        });
    }

    private void write(Event event, Instant now) {
        var regarding = event.getRegarding();
        var key = regarding.getUid() + event.getReason() + event.getAction() + event.getNote();
        var known = recent.get(key);
        recent.put(key, known == null ? create(event) : again(known, now).orElseGet(() -> create(event)));
    }

    private Event create(Event event) {
        return client.resource(event).create();
    }

    /** One more of the series; empty when the API server has forgotten it, which it does after an hour. */
    private Optional<Event> again(Event known, Instant now) {
        var count = known.getSeries() == null ? 2 : known.getSeries().getCount() + 1;
        var series = new EventSeriesBuilder()
                .withCount(count)
                .withLastObservedTime(time(now))
                .build();
        var patch = client.getKubernetesSerialization().asJson(Map.of("series", series));
        try {
            return Optional.of(client.resource(known).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Event event(ModelRollout rollout, String type, String reason, String action, String note, Instant now) {
        var meta = rollout.getMetadata();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(cut(meta.getName(), 200) + "-")
                .withNamespace(meta.getNamespace())
                .endMetadata()
                .withEventTime(time(now))
                .withReportingController("modelrollout.dev/operator")
                .withReportingInstance(cut(instance, 128))
                .withType(type)
                .withReason(reason)
                .withAction(action)
                .withNote(cut(note, NOTE_LIMIT))
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(rollout.getApiVersion())
                        .withKind(rollout.getKind())
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .build())
                .build();
    }

    private static MicroTime time(Instant now) {
        return new MicroTime(MICRO.format(now));
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit);
    }
}
