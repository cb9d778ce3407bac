// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.List;

/** The queue logs that one message is appended to, each once. Immutable. Messages that follow each other to the same target share a batch. */
public final class Target {
    final QueueLog[] logs;
    private final int keepingPersistent;
    private final int keepingTransient;

    public Target(List<QueueLog> logs) {
        this.logs = logs.toArray(QueueLog[]::new);
        this.keepingPersistent = (int) logs.stream().filter(log -> log.survives(true)).count();
        this.keepingTransient = (int) logs.stream().filter(log -> log.survives(false)).count();
    }

    /** In how many of the logs a message survives a restart. */
    int surviving(boolean persistent) {
        return persistent ? keepingPersistent : keepingTransient;
    }
}
