// SPDX-License-Identifier: Apache-2.0
/** Groups of every kind, and their offsets: Kafka's own group coordinator, on the broker's partitions. */
@NullMarked
package io.relais.kafka.group;

import org.jspecify.annotations.NullMarked;
