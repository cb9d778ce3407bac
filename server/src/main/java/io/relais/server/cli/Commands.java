// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** The tree of commands. */
final class Commands {

    /** The program itself. Without a command it shows what there is. */
    @Command(name = "relais", description = "A message broker for queues and streams.", synopsisSubcommandLabel = "COMMAND", footer = {
            "", "'relais COMMAND --help' tells more about a command. Documentation: README.md and docs/."})
    static final class Relais {}

    private Commands() {}

    /** Every command. */
    static CommandLine all(Terminal terminal) {
        CommandLine commands = new CommandLine(new Relais())
                .addSubcommand(new ServeCommand(terminal, new ServerOptions()))
                .addSubcommand(new VersionCommand(terminal)).addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(UserCommand.create(terminal)).addSubcommand(VhostCommand.create(terminal))
                .addSubcommand(PermissionCommand.create(terminal)).addSubcommand(new ListCommand(terminal))
                .addSubcommand(new HelpCommand());
        return withHelp(commands);
    }

    private static CommandLine withHelp(CommandLine command) {
        if (!(command.getCommand() instanceof HelpCommand)) {
            command.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true)
                    .description("Shows this help.").build());
        }
        command.getSubcommands().values().forEach(Commands::withHelp);
        return command;
    }
}
