package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.List;

/** The rules that are compared, in the order of the tables. */
final class Rules {

    static final Rule OURS_TOLERANT = new Rule("ours, rho 1.1", before -> Ours.holding(1.1, before));
    static final Rule OURS_STRICT = new Rule("ours, rho 1.0", before -> Ours.holding(1.0, before));
    static final List<Rule> OURS = List.of(OURS_TOLERANT, OURS_STRICT);
    static final List<Rule> ALL = List.of(
            OURS_TOLERANT,
            OURS_STRICT,
            new Rule("Flagger rule", Peers.Flagger::new),
            new Rule("Argo rule", Peers.ArgoRollouts::new),
            new Rule("plain, 3 in a row", PlainJudge::new),
            new Rule("Kayenta judge", before -> new KayentaJudge()));

    private Rules() {}
}
