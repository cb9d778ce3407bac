// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

/** What a producer is known by. */
record ProducerIdAndEpoch(long producerId, short epoch) {}
