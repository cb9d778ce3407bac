// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.Iterator;

import io.netty.buffer.ByteBuf;
import io.relais.log.LogReader.EntryVisitor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first pass of compaction: notes the last offset of each key in the dirty part of a log, until that ends or memory does. Records of aborted transactions do not count.
 *
 * <p>Thread: the one that scans.
 */
final class KeyIndex implements EntryVisitor {
    private static final Logger LOG = LoggerFactory.getLogger(KeyIndex.class);

    private final OffsetMap map;
    private final long firstDirty;
    private final long end;
    private final Fates fates;
    private final int decompressedMaxBytes;
    private final BufferSupplier buffers = BufferSupplier.create();
    private long indexedEnd;

    /** Ends a scan early: it is done. */
    static final class Done extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Done() {
            super("done", null, false, false);
        }
    }

    /**
     * @param fates                of the transactions from {@code firstDirty} on
     * @param decompressedMaxBytes how long the records of one batch may be
     */
    KeyIndex(OffsetMap map, long firstDirty, long end, Fates fates, int decompressedMaxBytes) {
        this.map = map;
        this.firstDirty = firstDirty;
        this.end = end;
        this.fates = fates;
        this.decompressedMaxBytes = decompressedMaxBytes;
        this.indexedEnd = firstDirty;
    }

    /** Up to here, all keys are noted. */
    long indexedEnd() {
        return indexedEnd;
    }

    @Override
    public void entry(long offset, int count, ByteBuf bytes) {
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes.nioBuffer()).batches()) {
            if (batch.baseOffset() >= end) {
                throw new Done();
            }
            boolean complete = note(batch);
            boolean first = indexedEnd == firstDirty;
            if (!complete && !first) {
                throw new Done();
            }
            indexedEnd = batch.nextOffset(); // a batch with more keys than memory has room for is passed nevertheless: what is not noted stays
            if (!complete) {
                throw new Done();
            }
        }
    }

    /** Returns whether there was room for all its keys. */
    private boolean note(MutableRecordBatch batch) {
        if (batch.isControlBatch()
                || (batch.isTransactional() && fates.passRecords(batch.producerId(), batch.baseOffset()))) {
            return true;
        }
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers, decompressedMaxBytes)) {
            for (Iterator<Record> each = records; each.hasNext();) {
                Record record = each.next();
                if (record.hasKey() && record.offset() >= firstDirty && !map.put(record.key(), record.offset())) {
                    return false;
                }
            }
        } catch (KafkaException e) {
            LOG.warn("a batch at offset {} cannot be read to its end, and stays as it is: {}", batch.baseOffset(),
                    e.getMessage());
        }
        return true;
    }
}
