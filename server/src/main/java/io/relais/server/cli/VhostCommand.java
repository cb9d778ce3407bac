// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "vhost", description = "Adds, lists and deletes virtual hosts.", synopsisSubcommandLabel = "COMMAND")
final class VhostCommand {

    static CommandLine create(Terminal terminal) {
        return new CommandLine(new VhostCommand()).addSubcommand(new Add(terminal))
                .addSubcommand(new Listing(terminal)).addSubcommand(new Delete(terminal));
    }

    @Command(name = "add", description = "Adds a virtual host with its predeclared exchanges.")
    static final class Add extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        Add(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("vhost.add", Map.of("name", name));
        }
    }

    @Command(name = "list", description = "Lists virtual hosts.")
    static final class Listing extends AdminCommand {
        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        Listing(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return listed("vhost.list", Map.of(), List.of("name"), json);
        }
    }

    @Command(name = "delete", description = "Deletes a virtual host with all its exchanges, queues, messages and permissions.")
    static final class Delete extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        Delete(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("vhost.delete", Map.of("name", name));
        }
    }
}
