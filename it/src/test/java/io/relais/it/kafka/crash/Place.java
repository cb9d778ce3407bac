// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

import org.apache.kafka.common.TopicPartition;

/** Where a record is: for ever there, or nowhere. */
record Place(TopicPartition partition, long offset) {}
