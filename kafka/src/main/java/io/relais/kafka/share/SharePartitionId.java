// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import org.apache.kafka.common.Uuid;

/** One partition as one share group consumes it. */
record SharePartitionId(String groupId, Uuid topicId, int partition) {}
