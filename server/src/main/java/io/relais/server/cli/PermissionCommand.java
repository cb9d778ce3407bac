// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "permission", description = "Sets, lists and clears what users may do in a virtual host.", synopsisSubcommandLabel = "COMMAND")
final class PermissionCommand {

    static CommandLine create(Terminal terminal) {
        return new CommandLine(new PermissionCommand()).addSubcommand(new Set(terminal))
                .addSubcommand(new Listing(terminal)).addSubcommand(new Clear(terminal));
    }

    @Command(name = "set", description = "Allows a user the names that match three regular expressions.", footer = {"",
            "Example: relais permission set alice '^alice\\.' '.*' '.*' --vhost /"})
    static final class Set extends AdminCommand {
        @Parameters(index = "0", paramLabel = "USER")
        private String user = "";
        @Parameters(index = "1", paramLabel = "CONFIGURE", description = "What may be declared and deleted.")
        private String configure = "";
        @Parameters(index = "2", paramLabel = "WRITE", description = "What may be published to.")
        private String write = "";
        @Parameters(index = "3", paramLabel = "READ", description = "What may be consumed from.")
        private String read = "";
        @Option(names = "--vhost", paramLabel = "NAME", description = "The virtual host (default: ${DEFAULT-VALUE}).")
        private String vhost = "/";

        Set(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("permission.set",
                    Map.of("user", user, "vhost", vhost, "configure", configure, "write", write, "read", read));
        }
    }

    @Command(name = "list", description = "Lists permissions.")
    static final class Listing extends AdminCommand {
        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        Listing(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return listed("permission.list", Map.of(), List.of("user", "vhost", "configure", "write", "read"), json);
        }
    }

    @Command(name = "clear", description = "Takes a user's permissions in a virtual host away.")
    static final class Clear extends AdminCommand {
        @Parameters(index = "0", paramLabel = "USER")
        private String user = "";
        @Option(names = "--vhost", paramLabel = "NAME", description = "The virtual host (default: ${DEFAULT-VALUE}).")
        private String vhost = "/";

        Clear(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("permission.clear", Map.of("user", user, "vhost", vhost));
        }
    }
}
