// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

/**
 * How a retained log is kept.
 *
 * @param segmentBytes       size at which a new file is begun
 * @param indexIntervalBytes about how many bytes of batches lie between two entries of the offset index
 * @param flushRecords       how many records may wait until they are synced; 0: each group is synced as soon as it is written
 * @param flushMs            how long, in milliseconds, records may wait until they are synced; 0: not at all
 */
public record RetainedOptions(long segmentBytes, int indexIntervalBytes, long flushRecords, long flushMs) {

    /** Synced as soon as the disk is free. */
    public static RetainedOptions synced(long segmentBytes) {
        return new RetainedOptions(segmentBytes, 4096, 0, 0);
    }

    /** Whether records are synced as soon as they are written. */
    public boolean syncsAtOnce() {
        return flushRecords == 0 && flushMs == 0;
    }
}
