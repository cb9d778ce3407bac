// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/** Consecutive records that go to the dead-letter queue. */
record DeadRecords(long firstOffset, long lastOffset, int deliveryCount, DeadLetterCause cause) {}
