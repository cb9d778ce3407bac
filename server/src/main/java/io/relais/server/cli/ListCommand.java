// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "Lists queues, exchanges, bindings, connections or consumers of the running server.")
final class ListCommand extends AdminCommand {

    /** What can be listed, with the columns shown. */
    enum What {
        queues("vhost", "name", "type", "durable", "ready", "unacknowledged", "consumers"),
        exchanges("vhost", "name", "type", "durable", "autoDelete", "internal"),
        bindings("vhost", "source", "destinationType", "destination", "routingKey", "arguments"),
        connections("id", "name", "user", "vhost", "address", "protocol"),
        consumers("vhost", "queue", "consumerTag", "noAck", "exclusive", "active");

        private final List<String> columns;

        What(String... columns) {
            this.columns = List.of(columns);
        }
    }

    @Parameters(index = "0", paramLabel = "WHAT", description = "One of ${COMPLETION-CANDIDATES}.")
    private What what = What.queues;

    @Option(names = "--vhost", paramLabel = "NAME", description = "Only this virtual host.")
    private @Nullable String vhost;

    @Option(names = "--json", description = "Prints JSON, with more fields.")
    private boolean json;

    ListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        return listed("list." + what, vhost == null ? Map.of() : Map.of("vhost", vhost), what.columns, json);
    }
}
