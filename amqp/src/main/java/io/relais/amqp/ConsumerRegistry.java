// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The consumers of a channel, by consumer tag. Few, so a list does. Thread: the owner. */
final class ConsumerRegistry {
    private final List<ChannelConsumer> consumers = new ArrayList<>(0);

    void add(ChannelConsumer consumer) {
        consumers.add(consumer);
    }

    @Nullable
    ChannelConsumer find(String tag) {
        for (ChannelConsumer consumer : consumers) {
            if (consumer.tag().equals(tag)) {
                return consumer;
            }
        }
        return null;
    }

    /** Takes one out. Returns it, or null where there is none with that tag. */
    @Nullable
    ChannelConsumer remove(String tag) {
        ChannelConsumer consumer = find(tag);
        if (consumer != null) {
            consumers.remove(consumer);
        }
        return consumer;
    }

    int count() {
        return consumers.size();
    }

    /** Lets those be served again that had to wait and need not any more. */
    void resume() {
        for (int i = 0; i < consumers.size(); i++) {
            consumers.get(i).resumeIfReady();
        }
    }

    /** The channel ends: cancels all. */
    void cancelAll() {
        List<ChannelConsumer> all = List.copyOf(consumers);
        consumers.clear();
        all.forEach(ChannelConsumer::cancel);
    }
}
