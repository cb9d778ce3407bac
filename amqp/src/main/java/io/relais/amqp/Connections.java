// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The connections of a front end. Thread: the owner. */
final class Connections {
    private final Set<AmqpConnection> open = new LinkedHashSet<>();
    private final List<CompletableFuture<Void>> waitingForNone = new ArrayList<>();

    void add(AmqpConnection connection) {
        open.add(connection);
    }

    void remove(AmqpConnection connection) {
        open.remove(connection);
        if (open.isEmpty()) {
            List<CompletableFuture<Void>> waiting = List.copyOf(waitingForNone);
            waitingForNone.clear();
            waiting.forEach(future -> future.complete(null));
        }
    }

    List<AmqpConnection> all() {
        return List.copyOf(open);
    }

    /** Completes when the last one has gone. */
    CompletionStage<Void> whenNone() {
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        waitingForNone.add(future);
        return future;
    }
}
