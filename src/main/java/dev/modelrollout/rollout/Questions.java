package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the checks of a plan ask in one round; each question is filled in once, however often the round needs it. */
final class Questions {

    private record Whose(String check, String version) {}

    private final RolloutPlan plan;
    private final RouteView route;
    private final Map<Whose, List<Question>> filled = new HashMap<>();

    Questions(RolloutPlan plan, RouteView route) {
        this.plan = plan;
        this.route = route;
    }

    /** In the order of the check's queries; none while the route does not tell what they need of it. */
    List<Question> of(NamedCheck check, String version) {
        return filled.computeIfAbsent(new Whose(check.name(), version), whose -> plan.questions(check, version, route));
    }
}
