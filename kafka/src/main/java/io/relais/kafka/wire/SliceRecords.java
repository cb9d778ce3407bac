// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import io.relais.log.BatchSlice;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Record batches of a log, as records of a response. */
public final class SliceRecords implements BaseRecords {
    private final BatchSlice slice;
    private final boolean copied;

    /** @param copied whether the bytes must pass through the process, as they do where they are encrypted */
    public SliceRecords(BatchSlice slice, boolean copied) {
        this.slice = slice;
        this.copied = copied;
    }

    Object take() {
        return copied ? slice.copy() : slice.take();
    }

    /** Gives the batches back where the response is not sent. */
    public void discard() {
        slice.close();
    }

    @Override
    public int sizeInBytes() {
        return slice.sizeBytes();
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("written by the broker's own encoder");
    }
}
