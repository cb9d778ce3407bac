// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** What a retained log should hold: its batches by base offset, and what a rewrite may have made of them. */
final class RetainedLogModel {

    /**
     * A batch that was appended.
     *
     * @param rewrite which rewrite changed it; 0: none
     * @param changed what that one put in its place; null: nothing
     */
    record Batch(int count, byte[] bytes, int rewrite, byte @Nullable [] changed) {
        Batch rewritten(int by, byte @Nullable [] to) {
            return new Batch(count, bytes, by, to);
        }
    }

    private final TreeMap<Long, Batch> batches = new TreeMap<>();

    /** Rewrites that are complete: what they changed must be changed. */
    private final Map<Integer, Boolean> decided = new HashMap<>();

    void append(long offset, int count, byte[] bytes) {
        batches.tailMap(offset, true).clear();
        batches.put(offset, new Batch(count, bytes, 0, null));
    }

    NavigableMap<Long, Batch> batches() {
        return batches;
    }

    void rewritten(long offset, int by, byte @Nullable [] to) {
        batches.computeIfPresent(offset, (_, batch) -> batch.rewritten(by, to));
    }

    void rewriteIsComplete(int rewrite) {
        decided.put(rewrite, true);
    }

    /** A batch without records stands at an offset. */
    static boolean isHole(byte[] found) {
        ByteBuf in = Unpooled.wrappedBuffer(found);
        return RecordBatch.count(in, 0) == 0 && in.readableBytes() == RecordBatch.HEADER_BYTES;
    }

    /**
     * Checks what was found, and takes it for the truth from now on.
     *
     * @param start what lies below may come back: a trim is only a hint until it is complete
     */
    void check(Map<Long, byte[]> found, long start) {
        var truth = new TreeMap<>(batches.headMap(start));
        for (var entry : found.entrySet()) {
            long offset = entry.getKey();
            if (isHole(entry.getValue())) {
                long end = offset + 1 + RecordBatch.lastOffsetDelta(Unpooled.wrappedBuffer(entry.getValue()), 0);
                batches.subMap(offset, end).forEach((left, batch) -> {
                    assertThat(batch.rewrite()).as("batch at %d was left out", left).isNotZero();
                    assertThat(batch.changed()).as("batch at %d was left out", left).isNull();
                    decide(batch.rewrite(), true, left);
                });
                continue;
            }
            Batch batch = batches.get(offset);
            assertThat(batch).as("batch at %d was appended", offset).isNotNull();
            if (batch.rewrite() != 0) {
                decide(batch.rewrite(), !isSame(entry.getValue(), batch.bytes(), offset), offset);
            }
            byte[] expected = batch.rewrite() != 0 && decided.getOrDefault(batch.rewrite(), false)
                    && batch.changed() != null ? batch.changed() : batch.bytes();
            assertThat(isSame(entry.getValue(), expected, offset)).as("batch at %d", offset).isTrue();
            truth.put(offset, new Batch(batch.count(), expected, 0, null));
        }
        batches.clear();
        batches.putAll(truth);
        decided.clear();
    }

    private void decide(int rewrite, boolean happened, long offset) {
        Boolean before = decided.putIfAbsent(rewrite, happened);
        assertThat(before == null || before.booleanValue() == happened)
                .as("rewrite %d is seen in part, at %d", rewrite, offset)
                .isTrue();
    }

    /** Equal but for the offset that the log stamps, and the leader epoch, which no checksum covers. */
    static boolean isSame(byte[] found, byte[] appended, long offset) {
        ByteBuf expected = Unpooled.copiedBuffer(appended);
        RecordBatch.baseOffset(expected, 0, offset);
        expected.setBytes(RecordBatch.LEADER_EPOCH, found, RecordBatch.LEADER_EPOCH, Integer.BYTES);
        return expected.equals(Unpooled.wrappedBuffer(found));
    }
}
