// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/**
 * What has become of records, as it is made durable.
 *
 * @param kind          one of Kafka's numbers (KIP-932, {@code WriteShareGroupState}): they are what is stored
 * @param deliveryCount how often they were handed out
 */
record StateChange(long firstOffset, long lastOffset, Kind kind, int deliveryCount) {

    /** The states that are stored. A record that a member has is stored as available: whoever has it when the broker ends has it no more. */
    enum Kind {
        AVAILABLE(0), ACKNOWLEDGED(2), ARCHIVING(3), ARCHIVED(4);

        private final byte id;

        Kind(int id) {
            this.id = (byte) id;
        }

        byte id() {
            return id;
        }

        /** Whether the record is never handed out again. */
        boolean isFinal() {
            return this == ACKNOWLEDGED || this == ARCHIVED;
        }

        static Kind of(byte id) {
            return switch (id) {
                case 0 -> AVAILABLE;
                case 2 -> ACKNOWLEDGED;
                case 3 -> ARCHIVING;
                case 4 -> ARCHIVED;
                default -> throw new IllegalArgumentException("no delivery state is " + id);
            };
        }
    }
}
