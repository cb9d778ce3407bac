// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.IOException;
import java.nio.file.Path;

/** Starts one kind of broker on a folder and free ports of its own. Thread: one at a time. */
public interface Launcher {

    /** As the report calls the broker: {@code relais}, {@code rabbitmq}. */
    String name();

    /** Version and settings that matter, for the head of the report. */
    String describe();

    /**
     * Executes the broker and returns at once, before it serves anybody.
     *
     * @param folder holds its data and logs; new or left by an earlier start
     */
    Launched launch(Path folder) throws IOException;
}
