// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.relais.kafka.partition.Partition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A topic. Thread: the owner.
 */
public final class Topic {
    private final String name;
    private final Uuid id;
    private final List<Partition> partitions = new ArrayList<>();
    private TopicConfig config;

    Topic(String name, Uuid id, TopicConfig config) {
        this.name = name;
        this.id = id;
        this.config = config;
    }

    public String name() {
        return name;
    }

    public Uuid id() {
        return id;
    }

    public List<Partition> partitions() {
        return Collections.unmodifiableList(partitions);
    }

    /** One of its partitions; null where there is none with that index. */
    public @Nullable Partition partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }

    public TopicConfig config() {
        return config;
    }

    /** Whether it belongs to the broker itself: offsets, transactions. */
    public boolean isInternal() {
        return org.apache.kafka.common.internals.Topic.isInternal(name);
    }

    void add(Partition partition) {
        partitions.add(partition);
    }

    void config(TopicConfig changed) {
        config = changed;
        partitions.forEach(partition -> partition.configure(changed));
    }
}
