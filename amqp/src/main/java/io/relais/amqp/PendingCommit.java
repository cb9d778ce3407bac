// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.store.DurabilityListener;
import org.jspecify.annotations.Nullable;

/** A tx.commit that waits for the disk. Thread: the owner. */
record PendingCommit(Reply<@Nullable Void> reply) implements DurabilityListener {

    @Override
    public void durable() {
        reply.done(null);
    }

    /** RabbitMQ's words for a commit of which it is not known what became. */
    @Override
    public void failed(String why) {
        reply.refused(new Refusal.PreconditionFailed("partial tx completion"));
    }
}
