package dev.modelrollout.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What may know what. */
class ArchitectureTest {

    private static final String ROOT = "dev.modelrollout.";
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.modelrollout");

    private static final ArchRule ANALYSIS_IS_PURE = classes()
            .that()
            .resideInAPackage(ROOT + "analysis")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time",
                    "java.math",
                    "java.util.regex",
                    "org.jspecify..",
                    ROOT + "analysis")
            .because("a verdict is arithmetic: the same readings give the same verdict everywhere");

    private static final ArchRule THE_CORE_CANNOT_REACH_IO = classes()
            .that()
            .resideInAPackage(ROOT + "rollout")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time..",
                    "java.util.regex",
                    "java.security",
                    "java.nio.charset",
                    "java.math",
                    "java.text",
                    "org.jspecify..",
                    ROOT + "analysis",
                    ROOT + "rollout")
            .because("decide may run twice for one round, and a simulation runs it millions of times");

    private static final ArchRule THE_CORE_HAS_NO_CLOCK_AND_NO_DICE = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "analysis", ROOT + "rollout")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Random.class, Thread.class)
            .because("time comes with the world, so that every history can be played again");

    private static final ArchRule THE_WIRE_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage(ROOT + "api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "analysis..",
                    ROOT + "rollout..",
                    ROOT + "traffic..",
                    ROOT + "metrics..",
                    ROOT + "reconcile..",
                    ROOT + "operator..")
            .because("the API is a contract: what is inside may change without it");

    private static final ArchRule PORTS_DO_NOT_KNOW_THEIR_ADAPTERS = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "traffic", ROOT + "metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "traffic.gatewayapi..", ROOT + "metrics.prometheus..")
            .because("another kind of route or of metrics is another folder");

    private static final ArchRule TRAFFIC_KNOWS_NO_METRICS = noClasses()
            .that()
            .resideInAPackage(ROOT + "traffic..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "metrics..")
            .because("the way down waits for no query");

    private static final ArchRule METRICS_KNOW_NO_TRAFFIC = noClasses()
            .that()
            .resideInAPackage(ROOT + "metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "traffic..", ROOT + "rollout..", ROOT + "reconcile..")
            .because("a question is asked once for all rollouts that have it");

    private static final ArchRule ONLY_THE_SHELL_KNOWS_KUBERNETES = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "analysis..", ROOT + "rollout..", ROOT + "metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
            .because("decisions and measurements are the same wherever the objects live");

    private static final ArchRule ONLY_WIRING_KNOWS_QUARKUS = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "operator")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "io.quarkiverse..", "io.smallrye..")
            .because("the operator can be started by a test without a container");

    private static final ArchRule NOBODY_KNOWS_THE_WIRING = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "operator")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "operator")
            .because("it is the outermost ring");

    @TestFactory
    Stream<DynamicTest> rules() {
        return Stream.of(
                        ANALYSIS_IS_PURE,
                        THE_CORE_CANNOT_REACH_IO,
                        THE_CORE_HAS_NO_CLOCK_AND_NO_DICE,
                        THE_WIRE_KNOWS_NOBODY,
                        PORTS_DO_NOT_KNOW_THEIR_ADAPTERS,
                        TRAFFIC_KNOWS_NO_METRICS,
                        METRICS_KNOW_NO_TRAFFIC,
                        ONLY_THE_SHELL_KNOWS_KUBERNETES,
                        ONLY_WIRING_KNOWS_QUARKUS,
                        NOBODY_KNOWS_THE_WIRING)
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CLASSES)));
    }
}
