// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.relais.server.config.Config;
import io.relais.server.training.Training;

/** For the launcher, which records the run for the ahead-of-time cache. */
final class TrainCommand implements Callable<Integer> {
    static final String NAME = "train";

    @Override
    public Integer call() throws IOException {
        Training.run(TrainCommand::configuration);
        Uptime.ms();
        return ExitCode.OK.status();
    }

    /** By the way that serve takes, so that it is trained too. */
    private static Config configuration(Path data) {
        ServerOptions options = PlainOptions
                .read(List.of("--data", data.toString(), "--amqp", "127.0.0.1:0", "--kafka", "127.0.0.1:0"))
                .orElseThrow();
        return options.load(Map.of());
    }
}
