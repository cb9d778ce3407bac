// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.relais.bench.brokers.Launcher;
import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.report.Measured;

/** Something that is done to a broker and measured, the same way whichever it is. */
public sealed interface Workload {

    String name();

    /** One line for {@code --help}. */
    String description();

    /** Loads a broker that runs; leaves no queue or exchange behind. */
    non-sealed interface OnRunning extends Workload {
        List<Measured> run(RunningBroker broker, Settings settings) throws IOException, InterruptedException;
    }

    /** Starts and stops brokers itself, in {@code folder}, which is empty; repeats by itself as often as it needs. */
    non-sealed interface OnLauncher extends Workload {
        List<Measured> run(Launcher launcher, Path folder, Settings settings) throws IOException, InterruptedException;
    }
}
