// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.relais.broker.Message;
import io.relais.broker.store.Shard;
import io.relais.broker.store.Target;

/**
 * The queues that one publish goes to: each once, in a fixed order. Immutable; a router keeps and reuses them, so that equal routes are mostly the same object.
 *
 * <p>Thread: the owner.
 */
public final class Route {
    public static final Route NOWHERE = new Route(List.of());

    /** {@link #publish} returns this where a full queue refused the message; the others have it. */
    public static final long REJECTED = -1;

    private final MessageQueue[] queues;
    private final Target target;
    private final boolean mayRefuse;

    public Route(List<MessageQueue> queues) {
        this.queues = queues.toArray(MessageQueue[]::new);
        this.target = new Target(queues.stream().map(MessageQueue::log).toList());
        this.mayRefuse = queues.stream()
                .anyMatch(queue -> queue.settings().overflow() != QueueSettings.Overflow.DROP_HEAD);
    }

    public int size() {
        return queues.length;
    }

    public MessageQueue queue(int index) {
        return queues[index];
    }

    /** Appends a message to every queue. Returns a ticket for {@link Shard#whenDurable}, 0 where nothing has to be waited for, or {@link #REJECTED}. */
    public long publish(Shard shard, Message message) {
        if (mayRefuse) {
            List<MessageQueue> admitting = admitting(message);
            if (admitting.size() < queues.length) {
                append(shard, message, new Target(admitting.stream().map(MessageQueue::log).toList()),
                        admitting.toArray(MessageQueue[]::new));
                return REJECTED;
            }
        }
        return append(shard, message, target, queues);
    }

    private static long append(Shard shard, Message message, Target to, MessageQueue[] admitting) {
        if (admitting.length == 0) {
            return 0;
        }
        long ticket = shard.append(to, message);
        for (MessageQueue queue : admitting) {
            queue.appended(message);
        }
        return ticket;
    }

    private List<MessageQueue> admitting(Message message) {
        List<MessageQueue> admitting = new ArrayList<>(queues.length);
        for (MessageQueue queue : queues) {
            if (queue.admits(message)) {
                admitting.add(queue);
            }
        }
        return admitting;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Route route && Arrays.equals(queues, route.queues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(queues);
    }

    @Override
    public String toString() {
        return Arrays.stream(queues).map(MessageQueue::name).toList().toString();
    }

}
