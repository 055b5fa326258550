package dev.modelrollout.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.MetricSourceContract;
import dev.modelrollout.traffic.TrafficRouter;
import dev.modelrollout.traffic.TrafficRouterContract;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The borders between the packages, and why each is there. */
class ArchitectureTest {

    private static final String ROOT = "dev.modelrollout";
    private static final String[] CORE = {ROOT + ".analysis..", ROOT + ".rollout.."};

    /** All of Java that neither reads nor writes nor waits. */
    private static final String[] CALCULATION = {
        "java.lang..",
        "java.math",
        "java.nio.charset",
        "java.security",
        "java.time..",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream"
    };

    private static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);
    private static final JavaClasses MAIN = ALL.that(describe(
            "main code",
            type -> type.getSource()
                    .filter(source -> !source.getUri().getPath().contains("/test-classes/"))
                    .isPresent()));

    @TestFactory
    Stream<DynamicTest> main_code() {
        return Stream.of(
                        onlyKnows("analysis")
                                .because("from readings to a verdict is arithmetic: the same in a test, a bench and a"
                                        + " cluster"),
                        onlyKnows("rollout", ROOT + ".analysis..")
                                .because("what to do must not depend on how it is done: a decision is a function of"
                                        + " values"),
                        coreReachesNothing(),
                        coreHasNoState(),
                        knowsOfUs("api")
                                .because("the wire outlives the code: its types change with the API version alone"),
                        knowsOfUs("traffic", "rollout")
                                .because("a router carries out a split, and knows neither evidence nor the wire"),
                        knowsOfUs("metrics", "analysis")
                                .because("a source answers questions, and does not know what they are for"),
                        portKnowsNoAdapter("traffic"),
                        portKnowsNoAdapter("metrics"),
                        adaptersAreStrangers("traffic"),
                        adaptersAreStrangers("metrics"),
                        onlyIn("reconcile", "operator")
                                .knows(ROOT + ".reconcile..")
                                .because("the shell joins wire and core; whoever needs it would be a second shell"),
                        onlyIn("operator")
                                .knows(ROOT + ".operator..")
                                .because("wiring is known by nobody: so anything can be wired otherwise in a test"),
                        onlyIn("reconcile", "operator")
                                .knows("io.javaoperatorsdk..", "io.quarkiverse..")
                                .because("the operator framework may be exchanged without touching rules or adapters"),
                        onlyIn("operator")
                                .knows("io.quarkus..", "io.smallrye..", "io.vertx..", "org.eclipse.microprofile..")
                                .because("everything else starts in a plain JUnit test, in milliseconds"),
                        onlyIn("api", "traffic", "reconcile", "operator")
                                .knows("io.fabric8..")
                                .because("Kubernetes is met at its border only"),
                        onlyIn("operator")
                                .calls(timeOrChance())
                                .because("time is an argument: one clock, which cannot go backwards; chance would make"
                                        + " a decision that nobody can repeat"),
                        slices().matching(ROOT + ".(*)..")
                                .should()
                                .beFreeOfCycles()
                                .because("a cycle is one package"),
                        noClasses()
                                .should()
                                .haveNameMatching(".*\\.(Abstract\\w*|\\w*(Utils|Helper|Manager|Impl))")
                                .because("such a name says that the responsibility is not found yet"))
                .map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(MAIN)));
    }

    @Test
    void tests_do_not_sleep() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".bench..")
                .should()
                .callCodeUnitWhere(target(Thread.class, "sleep"))
                .because("who sleeps is late or flaky: wait for a condition")
                .check(ALL);
    }

    @TestFactory
    Stream<DynamicTest> each_adapter_keeps_the_contract_of_its_port() {
        return Stream.of(
                adapters(MetricSource.class, MetricSourceContract.class),
                adapters(TrafficRouter.class, TrafficRouterContract.class));
    }

    private static DynamicTest adapters(Class<?> port, Class<?> contract) {
        return dynamicTest(port.getSimpleName(), () -> {
            var adapters = packages(MAIN, port);
            assertThat(adapters).isNotEmpty().isEqualTo(packages(ALL, contract));
        });
    }

    private static Set<String> packages(JavaClasses among, Class<?> type) {
        return among.get(type).getAllSubclasses().stream()
                .filter(subclass -> among.contain(subclass.getName()))
                .map(JavaClass::getPackageName)
                .collect(toSet());
    }

    private static ArchRule coreReachesNothing() {
        return noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(are(assignableTo(Thread.class))
                        .or(are(assignableTo(Random.class)))
                        .or(are(assignableTo(InstantSource.class)))
                        .or(are(assignableTo(System.class)))
                        .or(are(assignableTo(System.Logger.class))))
                .because("without clock, thread, chance or log a failure can be replayed from its values");
    }

    private static ArchRule coreHasNoState() {
        return classes()
                .that()
                .resideInAnyPackage(CORE)
                .should(beValuesOrFunctions())
                .because("values and functions on values need no thought about who else holds them");
    }

    private static ArchCondition<JavaClass> beValuesOrFunctions() {
        return new ArchCondition<>("be records, enums, interfaces, or final without mutable fields") {

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var isValue = type.isRecord() || type.isEnum() || type.isInterface();
                var isFinal = (type.getModifiers().contains(JavaModifier.FINAL)
                                || type.getModifiers().contains(JavaModifier.SYNTHETIC))
                        && type.getFields().stream()
                                .allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL));
                if (!isValue && !isFinal) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " may change"));
                }
            }
        };
    }

    private static ArchRule onlyKnows(String part, String... packages) {
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + part + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages)
                        .or(resideInAnyPackage(CALCULATION))
                        .or(resideInAnyPackage(ROOT + "." + part + "..", "org.jspecify.annotations")));
    }

    private static ArchRule knowsOfUs(String part, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + part + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(within(part))).and(not(within(others))));
    }

    private static DescribedPredicate<JavaClass> within(String... parts) {
        return resideInAnyPackage(
                Stream.of(parts).map(part -> ROOT + "." + part + "..").toArray(String[]::new));
    }

    private static ArchRule portKnowsNoAdapter(String port) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + port)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "." + port + ".*..")
                .because("an adapter is added by adding a folder");
    }

    private static ArchRule adaptersAreStrangers(String port) {
        return slices().matching(ROOT + "." + port + ".(*)..")
                .should()
                .notDependOnEachOther()
                .because("an adapter is removed by removing its folder");
    }

    private static Allowed onlyIn(String... parts) {
        return new Allowed(within(parts));
    }

    private record Allowed(DescribedPredicate<JavaClass> where) {

        ArchRule knows(String... packages) {
            return noClasses().that(not(where)).should().dependOnClassesThat().resideInAnyPackage(packages);
        }

        ArchRule calls(DescribedPredicate<JavaCall<?>> what) {
            return noClasses().that(not(where)).should().callCodeUnitWhere(what);
        }
    }

    private static DescribedPredicate<JavaCall<?>> timeOrChance() {
        return describe("ask for the time, or for chance, or sleep", call -> {
            var owner = call.getTargetOwner();
            var name = call.getTarget().getName();
            return (owner.isEquivalentTo(Instant.class) && name.equals("now"))
                    || (owner.isEquivalentTo(System.class)
                            && Set.of("currentTimeMillis", "nanoTime").contains(name))
                    || (owner.isAssignableTo(InstantSource.class) && name.startsWith("system"))
                    || (owner.isEquivalentTo(Clock.class) && name.startsWith("tick"))
                    || owner.isAssignableTo(Random.class)
                    || (owner.isEquivalentTo(Math.class) && name.equals("random"))
                    || (owner.isEquivalentTo(Thread.class) && name.equals("sleep"));
        });
    }

    private static DescribedPredicate<JavaCall<?>> target(Class<?> owner, String name) {
        return describe(
                "call " + name,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && call.getName().equals(name));
    }
}
