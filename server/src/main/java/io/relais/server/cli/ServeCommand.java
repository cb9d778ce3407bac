// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.concurrent.Callable;

import io.relais.server.Server;
import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = ServeCommand.NAME, description = "Starts the broker and runs until SIGTERM or SIGINT.")
final class ServeCommand implements Callable<Integer> {
    static final String NAME = "serve";

    private final Terminal terminal;

    @Mixin
    private final ServerOptions options;

    ServeCommand(Terminal terminal, ServerOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    @Override
    public Integer call() throws InterruptedException {
        Config config = options.load(terminal.environment());
        Logging.configure(config.logLevel());
        warnOfMissing("http", config.http());
        Server server = Server.start(config);
        stopWithTheProcess(server);
        terminal.out().println("relais ready in " + Uptime.ms() + " ms: amqp=" + server.amqp() + " kafka="
                + server.kafka() + " http=off");
        terminal.out().flush();
        server.awaitClosed();
        return status(server).status();
    }

    private void warnOfMissing(String front, Config.Front wanted) {
        if (wanted.explicit() && wanted.listen() instanceof Listen.At at) {
            terminal.complain(
                    "this version has no " + front + " front yet: it starts without, and nothing listens on " + at);
        }
    }

    /** A signal ends the virtual machine with 128 plus its number unless the hook has the last word. */
    private static void stopWithTheProcess(Server server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            Runtime.getRuntime().halt(status(server).status());
        }, "relais-stop"));
    }

    private static ExitCode status(Server server) {
        return server.damages().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
    }
}
