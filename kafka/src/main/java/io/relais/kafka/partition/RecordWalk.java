// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a client's batch: that they are whole and counted right, have keys where the topic needs them, and timestamps within its limits. Looks at lengths only; allocates nothing for
 * a record that is right.
 *
 * <p>Thread: the owner. Reused for batch after batch. Bounds: {@value #ERRORS_MAX} errors are named.
 */
final class RecordWalk {
    static final int ERRORS_MAX = 10_000;

    private static final long NO_TIMESTAMP = -1;

    private boolean keysRequired;
    private long earliest;
    private long latest;
    private int recordMaxBytes;

    private long maxTimestamp;
    private boolean offsetsDense;
    private boolean timestampWrong;
    private @Nullable List<BatchIndexAndErrorMessage> errors;

    /**
     * Sets what is right.
     *
     * @param keysAreRequired    whether a record without a key is wrong
     * @param earliestTimestamp  in milliseconds; {@link Long#MIN_VALUE} for any
     * @param latestTimestamp    highest one; {@link Long#MAX_VALUE} for any
     * @param maximumRecordBytes of one record, decompressed
     */
    RecordWalk rules(boolean keysAreRequired, long earliestTimestamp, long latestTimestamp, int maximumRecordBytes) {
        keysRequired = keysAreRequired;
        earliest = earliestTimestamp;
        latest = latestTimestamp;
        recordMaxBytes = maximumRecordBytes;
        return this;
    }

    /** Walks over all records. @throws RecordSource.Malformed where they are not whole, or not as many */
    void walk(RecordSource in, int count, long baseTimestamp) {
        maxTimestamp = NO_TIMESTAMP;
        offsetsDense = true;
        timestampWrong = false;
        errors = null;
        for (int i = 0; i < count; i++) {
            record(in, i, baseTimestamp);
        }
        if (!in.isAtEnd()) {
            throw new RecordSource.Malformed("there is more in the batch than the " + count + " records it counts");
        }
    }

    private void record(RecordSource in, int i, long baseTimestamp) {
        int length = in.varint();
        if (length < 0) {
            throw new RecordSource.Malformed("record " + i + " has " + length + " bytes");
        }
        if (length > recordMaxBytes) {
            wrong(i, "The record has " + length + " bytes, more than the " + recordMaxBytes
                    + " of max.decompressed.message.bytes");
        }
        long end = in.position() + length;
        in.skip(1); // attributes
        long timestamp = baseTimestamp + in.varlong();
        offsetsDense &= in.varint() == i;
        int keyLength = in.varint();
        if (keyLength > 0) {
            in.skip(keyLength);
        }
        int valueLength = in.varint();
        if (valueLength > 0) {
            in.skip(valueLength);
        }
        headers(in);
        if (in.position() != end) {
            throw new RecordSource.Malformed("record " + i + " does not have the " + length + " bytes it says");
        }
        judge(i, keyLength, timestamp);
    }

    private static void headers(RecordSource in) {
        int count = in.varint();
        if (count < 0) {
            throw new RecordSource.Malformed("a record has " + count + " headers");
        }
        for (int i = 0; i < count; i++) {
            in.skip(in.varint());
            int valueLength = in.varint();
            if (valueLength > 0) {
                in.skip(valueLength);
            }
        }
    }

    private void judge(int i, int keyLength, long timestamp) {
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        if (keysRequired && keyLength < 0) {
            wrong(i, "Compacted topic cannot accept message without key");
        } else if (timestamp != NO_TIMESTAMP && (timestamp < earliest || timestamp > latest)) {
            timestampWrong = true;
            wrong(i, "Timestamp " + timestamp + " of message is out of range. The timestamp should be within ["
                    + earliest + ", " + latest + "]");
        }
    }

    private void wrong(int i, String message) {
        List<BatchIndexAndErrorMessage> all = errors;
        if (all == null) {
            all = new ArrayList<>();
            errors = all;
        }
        if (all.size() < ERRORS_MAX) {
            all.add(new BatchIndexAndErrorMessage().setBatchIndex(i).setBatchIndexErrorMessage(message));
        }
    }

    /** The highest timestamp; -1 where no record has one. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Whether the offset deltas are 0, 1, 2… */
    boolean offsetsDense() {
        return offsetsDense;
    }

    /** Whether a timestamp is among what is wrong. */
    boolean timestampWrong() {
        return timestampWrong;
    }

    /** What is wrong, by record; null where nothing is. */
    @Nullable
    List<BatchIndexAndErrorMessage> errors() {
        return errors;
    }
}
