// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/** Consecutive records that were handed out together. */
record Acquisition(long firstOffset, long lastOffset, int deliveryCount) {
    long count() {
        return lastOffset - firstOffset + 1;
    }
}
