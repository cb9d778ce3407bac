// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.relais.server.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "doctor", description = "Looks for what would keep the broker from starting, or what a running one suffers from. Changes nothing.")
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Config config = options.load(terminal.environment());
        Logging.configure(config.logLevel());
        List<Finding> findings = new ArrayList<>(Examination.ofMachine());
        findings.add(Examination.ofData(config));
        Optional<JsonNode> status = Asking.of(config).askServer("status", Map.of());
        status.ifPresentOrElse(running -> findings.addAll(ofServer(running)),
                () -> findings.addAll(ofPorts(config)));
        print(findings);
        return findings.stream().map(Finding::kind).max(ExitCode::compareTo).orElse(ExitCode.OK).status();
    }

    private static List<Finding> ofPorts(Config config) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Examination.ofPort("amqp", config.amqp().listen()));
        findings.add(Examination.ofPort("kafka", config.kafka().listen()));
        config.kafka().more().forEach(each -> findings.add(Examination.ofPort("kafka", each.at())));
        return findings;
    }

    private static List<Finding> ofServer(JsonNode status) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.well("server", "version " + status.path("version").asString() + " runs as process "
                + status.path("pid").asString() + ", amqp on " + status.path("amqp").asString() + ", kafka on "
                + status.path("kafka").asString()));
        for (JsonNode alarm : status.path("alarms")) {
            findings.add(Finding.ill(ExitCode.FAILED, "alarm", alarm.asString()));
        }
        for (JsonNode damage : status.path("damages")) {
            findings.add(Finding.ill(ExitCode.DAMAGED, "damage", damage.asString()));
        }
        return findings;
    }

    private void print(List<Finding> findings) {
        if (json) {
            terminal.out().println(JsonMapper.shared().writeValueAsString(findings.stream()
                    .map(each -> Map.of("well", each.isWell(), "topic", each.topic(), "text", each.text())).toList()));
        } else {
            findings.forEach(each -> terminal.out()
                    .println((each.isWell() ? "ok    " : "WRONG ") + each.topic() + ": " + each.text()));
        }
    }
}
