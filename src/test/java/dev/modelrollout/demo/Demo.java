package dev.modelrollout.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Three rollouts in under a minute, by the packaged operator. {@code FAST=1} shortens the holds, {@code KEEP=1} leaves
 * it running. Exit code 1 when a promise was broken.
 */
public final class Demo {

    private final PrintStream out;
    private final Stage stage;
    private final List<Act> acts;

    private Demo(PrintStream out, Stage stage, Pace pace) {
        this.out = out;
        this.stage = stage;
        this.acts = List.of(new GoodVersion(stage, pace), new BadVersion(stage), new Outage(stage, pace));
    }

    /** Plays it. */
    public static void main(String[] none) throws IOException, InterruptedException {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        var chatter = Logger.getLogger("io.fabric8.mockwebserver"); // it tells of each request
        chatter.setLevel(Level.WARNING);
        System.exit(run(System.out, Pace.of(System.getenv())) ? 0 : 1);
    }

    private static boolean run(PrintStream out, Pace pace) throws IOException, InterruptedException {
        out.println("The operator is the packaged one. The cluster around it is played: an embedded API server, toy"
                + " models,\nand a simulated Prometheus that answers from their real counters.");
        try (var stage = new Stage(out, pace)) {
            var kept = new Demo(out, stage, pace).play();
            if ("1".equals(System.getenv("KEEP"))) {
                stage.load().goOn();
                out.println("\nIt goes on until Ctrl-C:\n" + stage.whereabouts());
                new CountDownLatch(1).await();
            }
            return kept;
        }
    }

    private boolean play() {
        var results = new ArrayList<Act.Result>();
        for (var act : acts) {
            stage.timeline().title(act.title());
            results.add(act.play());
        }
        stage.load().pause();
        stage.until("all requests are answered", stage.load()::isDrained);
        var seen = stage.load().counters();
        var own = Kubelet.sum(stage.kubelet().pods("v3")).failures();
        var report = Report.of(
                results,
                Promise.same("failed requests that are not v3's own errors", 0L, seen.failures() - own),
                seen.failures() + " of " + seen.requests() + " requests failed");
        report.print(out);
        return report.isKept();
    }
}
