// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import io.relais.server.training.Training;
import picocli.CommandLine.Command;

/** For the launcher, which records the run for the ahead-of-time cache. */
@Command(name = "train", hidden = true, description = "Runs a broker and a client for a moment.")
final class TrainCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        Training.run();
        return ExitCode.OK.status();
    }
}
