// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;

import io.relais.server.config.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "Lists queues, exchanges, bindings, connections or consumers of the running server.")
final class ListCommand extends AdminCommand {

    /** What can be listed, with the columns shown. */
    private static final Map<String, List<String>> COLUMNS = Map.of(
            "queues", List.of("vhost", "name", "type", "durable", "ready", "unacknowledged", "consumers"),
            "exchanges", List.of("vhost", "name", "type", "durable", "autoDelete", "internal"),
            "bindings", List.of("vhost", "source", "destinationKind", "destination", "routingKey", "arguments"),
            "connections", List.of("name", "givenName", "user", "vhost", "state", "channels"),
            "consumers", List.of("vhost", "queue", "tag", "acknowledges", "exclusive"));

    @Parameters(index = "0", paramLabel = "WHAT", description = "queues, exchanges, bindings, connections or consumers.")
    private String what = "";

    @Option(names = "--vhost", paramLabel = "NAME", description = "Only this virtual host.")
    private @Nullable String vhost;

    @Option(names = "--json", description = "Prints JSON, with more fields.")
    private boolean json;

    ListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        List<String> columns = COLUMNS.get(what);
        if (columns == null) {
            throw new ConfigurationException("there are no " + what
                    + " to list; there are queues, exchanges, bindings, connections and consumers");
        }
        return listed("list." + what, vhost == null ? Map.of() : Map.of("vhost", vhost), columns, json);
    }
}
