// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/** What a record is that was handed out at least once and is not dealt with (KIP-932, KIP-1191). */
sealed interface RecordState {

    /** How often it was handed out. */
    int deliveryCount();

    /** It may be handed out again. */
    record Available(int deliveryCount) implements RecordState {}

    /** A member has it, until a time on the monotonic clock. */
    record Acquired(String memberId, int deliveryCount, long lockedUntilNs) implements RecordState {}

    /** It goes to the dead-letter queue, and is archived when it is there. */
    record Archiving(int deliveryCount, DeadLetterCause cause) implements RecordState {}
}
