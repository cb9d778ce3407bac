// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.time.Instant;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The picture of the modules in ARCHITECTURE.md, as code. */
class LayeringTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.relais");

    /** Where the machine's clock is read. */
    private static final Set<String> CLOCKS = Set.of("io.relais.server.SystemClock");

    /** What a channel sends from the page cache is a type of Netty's channels. */
    private static final Set<String> REGIONS = Set.of("io.relais.log.segment.FileSlice");

    /** Where files are touched, beside the {@code Disk}. */
    private static final Set<String> FILES = Set.of("io.relais.server.config.YamlFile",
            "io.relais.server.listen.PortHolder", "io.relais.server.control.ControlServer",
            "io.relais.server.Storage", "io.relais.server.OfflineAdministration", "io.relais.server.cli.Examination",
            "io.relais.server.training.Training");

    @Test
    void storageKnowsNoBrokerNoProtocolAndNoServer() {
        noClasses().that().resideInAPackage("io.relais.log..").should().dependOnClassesThat()
                .resideInAnyPackage("io.relais.broker..", "io.relais.amqp..", "io.relais.kafka..", "io.relais.server..")
                .because("storage knows logs, batches and files; what they mean is the broker's").check(CLASSES);
    }

    @Test
    void theBrokerKnowsNoWireFormatAndNoServer() {
        noClasses().that().resideInAPackage("io.relais.broker..").should().dependOnClassesThat()
                .resideInAnyPackage("io.relais.amqp..", "io.relais.kafka..", "io.relais.server..")
                .because("every protocol speaks to the broker by the same commands").check(CLASSES);
    }

    @Test
    void theBrokerAndItsStorageKnowNoSockets() {
        noClasses().that().resideInAnyPackage("io.relais.broker..", "io.relais.log..").and(areNot(REGIONS)).should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "java.net..")
                .because("connections are a front end's; the broker runs without a network in tests").check(CLASSES);
    }

    @Test
    void aFrontEndKnowsNoServer() {
        noClasses().that().resideInAnyPackage("io.relais.amqp..", "io.relais.kafka..").should().dependOnClassesThat()
                .resideInAPackage("io.relais.server..").because("the server assembles the front ends, not they it")
                .check(CLASSES);
    }

    @Test
    void aFrontEndKnowsTheBrokerByItsCommandsOnly() {
        noClasses().that().resideInAPackage("io.relais.amqp..").should().dependOnClassesThat()
                .resideInAnyPackage("io.relais.log..", "io.relais.broker.exchange..")
                .because("what is stored and how it is routed is the broker's").check(CLASSES);
    }

    @Test
    void frontEndsDoNotKnowOneAnother() {
        noClasses().that().resideInAPackage("io.relais.kafka..").should().dependOnClassesThat()
                .resideInAPackage("io.relais.amqp..").because("they meet in the broker").check(CLASSES);
        noClasses().that().resideInAPackage("io.relais.amqp..").should().dependOnClassesThat()
                .resideInAPackage("io.relais.kafka..").because("they meet in the broker").check(CLASSES);
    }

    @Test
    void kafkasOwnClassesStayInOneModule() {
        noClasses().that().resideOutsideOfPackage("io.relais.kafka..").should().dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .because("a new version of Kafka's jars must not change more than one module").check(CLASSES);
    }

    @Test
    void packagesOfTheServerHaveNoCycles() {
        slices().matching("io.relais.server.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void timeComesFromTheClockThatIsPassedIn() {
        noClasses().that(areNot(CLOCKS)).should()
                .callMethodWhere(calls(System.class, "nanoTime").or(calls(System.class, "currentTimeMillis"))
                        .or(calls(Instant.class, "now")))
                .because("the broker runs in virtual time in tests: take a Clock").check(CLASSES);
    }

    @Test
    void nothingSleepsAndNothingRollsDice() {
        noClasses().should().callMethodWhere(calls(Thread.class, "sleep").or(calls(Math.class, "random")))
                .because("waiting is a timer of the owner, and randomness is passed in").check(CLASSES);
    }

    @Test
    void filesAreTouchedThroughTheDisk() {
        noClasses().that(areNot(FILES)).and(not(resideInAnyPackage("io.relais.log.disk..", "io.relais.log.local..")))
                .should().dependOnClassesThat().haveFullyQualifiedName("java.nio.file.Files")
                .because("the simulated disk must see every write of the broker").check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return describe("are not one of " + names, each -> !names.contains(outermost(each)));
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    private static <T> DescribedPredicate<T> not(DescribedPredicate<T> predicate) {
        return DescribedPredicate.not(predicate);
    }

    private static DescribedPredicate<JavaMethodCall> calls(Class<?> owner, String method) {
        return describe(owner.getSimpleName() + "." + method + "()", call -> {
            AccessTarget.MethodCallTarget target = call.getTarget();
            return target.getOwner().isEquivalentTo(owner) && target.getName().equals(method);
        });
    }
}
