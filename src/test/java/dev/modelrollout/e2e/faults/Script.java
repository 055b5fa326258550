package dev.modelrollout.e2e.faults;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Which writes for one rollout meet which fault.
 *
 * @param faults by the number of the write, from 1
 */
record Script(Map<Integer, Fault> faults) {

    private static final int WRITES = 12;
    private static final int FAULTS = 3;
    private static final List<Fault> BEARABLE = List.of(Fault.values()).stream()
            .filter(fault -> !fault.kills() && fault != Fault.NONE)
            .toList();
    private static final List<Fault> DEADLY =
            List.of(Fault.values()).stream().filter(Fault::kills).toList();

    /** The same seed, the same script. */
    static Script of(long seed, boolean kills) {
        var dice = new Random(seed);
        var faults = new TreeMap<Integer, Fault>();
        for (var i = 0; i < FAULTS; i++) {
            faults.put(1 + dice.nextInt(WRITES), one(BEARABLE, dice));
        }
        if (kills) {
            faults.put(1 + dice.nextInt(WRITES), one(DEADLY, dice));
        }
        return new Script(faults);
    }

    private static Fault one(List<Fault> faults, Random dice) {
        return faults.get(dice.nextInt(faults.size()));
    }

    Fault at(int write) {
        return faults.getOrDefault(write, Fault.NONE);
    }
}
