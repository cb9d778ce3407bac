// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "user", description = "Adds, lists, changes and deletes users.", synopsisSubcommandLabel = "COMMAND")
final class UserCommand {

    static CommandLine create(Terminal terminal) {
        return new CommandLine(new UserCommand()).addSubcommand(new Add(terminal)).addSubcommand(new Listing(terminal))
                .addSubcommand(new Password(terminal)).addSubcommand(new Tags(terminal))
                .addSubcommand(new Delete(terminal)).addSubcommand(new ImportHash(terminal));
    }

    @Command(name = "add", description = "Adds a user. It may do nothing until 'relais permission set'.")
    static final class Add extends AdminCommand {
        @Mixin
        private Credentials credentials = new Credentials();
        @Option(names = "--tags", paramLabel = "TAG,…", description = "Tags such as administrator.")
        private String tags = "";

        Add(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("user.add",
                    Map.of("name", credentials.name(), "password", credentials.password(terminal), "tags", tags));
        }
    }

    @Command(name = "list", description = "Lists users.")
    static final class Listing extends AdminCommand {
        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        Listing(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return listed("user.list", Map.of(), List.of("name", "tags"), json);
        }
    }

    @Command(name = "password", description = "Changes a password.")
    static final class Password extends AdminCommand {
        @Mixin
        private Credentials credentials = new Credentials();

        Password(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("user.password",
                    Map.of("name", credentials.name(), "password", credentials.password(terminal)));
        }
    }

    @Command(name = "tags", description = "Replaces the tags of a user.")
    static final class Tags extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";
        @Parameters(index = "1..*", paramLabel = "TAG")
        private List<String> tags = List.of();

        Tags(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("user.tags", Map.of("name", name, "tags", String.join(",", tags)));
        }
    }

    @Command(name = "delete", description = "Deletes a user with all its permissions.")
    static final class Delete extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        Delete(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("user.delete", Map.of("name", name));
        }
    }

    @Command(name = "import-hash", description = "Adds a user with a password hash exported from RabbitMQ (salted SHA-256, Base64).")
    static final class ImportHash extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";
        @Parameters(index = "1", paramLabel = "HASH", description = "The password_hash of RabbitMQ's definitions.")
        private String hash = "";
        @Option(names = "--tags", paramLabel = "TAG,…", description = "Tags such as administrator.")
        private String tags = "";

        ImportHash(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return done("user.import-hash", Map.of("name", name, "hash", hash, "tags", tags));
        }
    }
}
