// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.List;

/** The queue logs that one message is appended to, each once. Immutable. Messages that follow each other to the same target share a batch. */
public final class Target {
    final QueueLog[] logs;

    /** How many of them are durable. */
    final int durable;

    public Target(List<QueueLog> logs) {
        this.logs = logs.toArray(QueueLog[]::new);
        this.durable = (int) logs.stream().filter(QueueLog::durable).count();
    }
}
