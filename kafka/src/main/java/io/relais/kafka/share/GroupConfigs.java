// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.Map;

/** What was configured of groups (configuration resources of type GROUP). Thread: the owner. */
@FunctionalInterface
public interface GroupConfigs {

    /** What was set for one group, by Kafka's names; the same map as long as it is not changed. */
    Map<String, String> of(String groupId);
}
