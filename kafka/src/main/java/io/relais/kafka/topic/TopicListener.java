// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

/** Hears of changes to topics, after they were made. Thread: the owner. */
public interface TopicListener {

    void created(Topic topic);

    /** @param before how many partitions it had */
    void grown(Topic topic, int before);

    void configured(Topic topic);

    void deleted(Topic topic);
}
