// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/**
 * What a group's configuration allows, at a moment.
 *
 * @param recordLocksMax     records of one partition that may be out ({@code share.partition.max.record.locks})
 * @param deliveryCountLimit how often a record is handed out at most ({@code share.delivery.count.limit})
 * @param lockDurationMs     how long a member has a record ({@code share.record.lock.duration.ms})
 * @param renewable          whether a member may ask for longer ({@code share.renew.acknowledge.enable}, KIP-1222)
 * @param deadLetters        whether the group has a dead-letter queue ({@code errors.deadletterqueue.topic.name}, KIP-1191)
 */
record ShareLimits(int recordLocksMax, int deliveryCountLimit, int lockDurationMs, boolean renewable,
        boolean deadLetters) {

    private static final int UNTHROTTLED_MIN = 2;

    long lockDurationNs() {
        return lockDurationMs * 1_000_000L;
    }

    /**
     * From this delivery count on, fewer records are handed out at once, so that a record that makes its consumer fail does not take the others with it: half of them, then a quarter, and
     * the last attempt is made with one alone. Kafka 4.3 chose the numbers.
     */
    int throttledFrom() {
        return Math.max(UNTHROTTLED_MIN, (deliveryCountLimit + 1) / 2);
    }

    boolean isLastAttempt(int deliveryCount) {
        return deliveryCountLimit > UNTHROTTLED_MIN && deliveryCount >= deliveryCountLimit - 1;
    }
}
