// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.lang.management.ManagementFactory;

/** How long this virtual machine has been running. */
final class Uptime {
    private Uptime() {}

    static long ms() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }
}
