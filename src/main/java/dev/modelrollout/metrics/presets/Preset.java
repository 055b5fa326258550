package dev.modelrollout.metrics.presets;

import java.util.Map;

/**
 * A ready-made check. Its queries hold variables of {@code metrics} and no parameters.
 *
 * @param id {@code FAMILY/NAME}
 * @param title what it measures, for people
 * @param perPod whether the total is there from the start of a process, so that a missing pod is seen; false when the
 *     measure is no counter
 * @param defaults limits by their field in the spec, as text; the user's replace them one by one
 * @param needs what must run, and be scraped
 * @param caveats what it does not see
 * @param source where its names come from
 */
public record Preset(
        String id,
        String title,
        Measure measure,
        boolean perPod,
        Map<String, String> defaults,
        View view,
        String needs,
        String caveats,
        String source) {

    /** Who counts. */
    public enum View {
        /** A gateway or the mesh. */
        CLIENT,
        /** The version's own pods, which can lose or forge their counts. */
        SERVER
    }

    public Preset {
        defaults = Map.copyOf(defaults);
    }
}
