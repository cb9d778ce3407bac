// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.nio.file.Path;

/**
 * How long and with what to load.
 *
 * @param seconds that are measured, where a workload runs for a time
 * @param warmSeconds of the same load before that, on the same connections; 0 measures from the first message (cold)
 * @param messages of a backlog
 * @param connections of the idle-connections workload
 * @param logs folder for the output of load tools
 * @param client the JVM and class paths of load tools
 */
public record Settings(int seconds, int warmSeconds, int messages, int connections, Path logs, ClientJvm client) {

    /** For the output of one run of a load tool; no other run of this call has the name. */
    Path log(String workload, String broker) {
        return logs.resolve("%s.%s.%d.log".formatted(workload, broker, System.currentTimeMillis()));
    }
}
