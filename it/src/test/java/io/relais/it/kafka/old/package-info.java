// SPDX-License-Identifier: Apache-2.0
/** Old releases of Kafka's Java client, each in a process of its own. */
@NullMarked
package io.relais.it.kafka.old;

import org.jspecify.annotations.NullMarked;
