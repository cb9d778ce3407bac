// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.Batches;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import io.relais.log.record.RecordBatch;
import org.junit.jupiter.api.Test;

class SegmentedLogTest {
    private static final LogId ID = new LogId(0, 1);
    private static final Path FOLDER = Path.of("shard-0/log-1");
    private static final Path FIRST = FOLDER.resolve("00000000000000000000.log");
    private static final Path FIRST_INDEX = FOLDER.resolve("00000000000000000000.index");

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final HandExecutor executor = new HandExecutor();
    private final List<Damage> damages = new ArrayList<>();
    private FilePool files = new FilePool(disk, 8);
    private long epoch;

    private SegmentedLog open(LogId id, LogOptions options) throws IOException {
        var environment = new SegmentedLog.Environment(files, executor, ByteBufAllocator.DEFAULT, damages::add);
        return SegmentedLog.open(environment, id, Path.of(id.toString()), ++epoch, options);
    }

    private SegmentedLog open() throws IOException {
        return open(ID, LogOptions.durable(32 << 10));
    }

    /** Closes a log and opens it again with nothing in memory. */
    private SegmentedLog reopen(SegmentedLog log) throws IOException {
        log.close();
        files.close();
        files = new FilePool(disk, 8);
        return open();
    }

    private static ByteBuf batch(int count, long timestamp, int bytes) {
        return Batches.batch(count, timestamp, new byte[bytes]);
    }

    /** 100 batches of 10 offsets and 1 KB, with the timestamps 0, 10, 20…: about four segments. */
    private SegmentedLog filled() throws IOException {
        SegmentedLog log = open();
        for (int i = 0; i < 100; i++) {
            log.append(batch(10, i * 10L, 1000), 10);
            executor.runAll();
        }
        assertThat(log.parts()).hasSize(4);
        return log;
    }

    private byte[] content(Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuf bytes = Unpooled.buffer();
            file.read(0, bytes, (int) file.size());
            return ByteBufUtil.getBytes(bytes);
        }
    }

    @Test
    void aSegmentIsNothingButBatchesWithTheirOffsetsStamped() throws IOException {
        SegmentedLog log = open();
        ByteBuf first = batch(3, 5, 10);
        ByteBuf second = batch(2, 6, 20);
        ByteBuf expected = Unpooled.copiedBuffer(first, second);
        RecordBatch.baseOffset(expected, first.readableBytes(), 3);

        ByteBuf entry = Unpooled.copiedBuffer(first, second);
        log.append(entry.retain(), 5);
        executor.runAll();

        assertThat(content(FIRST)).isEqualTo(ByteBufUtil.getBytes(expected));
        assertThat(RecordBatch.baseOffset(entry, first.readableBytes())).as("the caller's bytes do not change")
                .isZero();
    }

    @Test
    void onlyWholeBatchesThatAddUpToTheCountAreTaken() throws IOException {
        SegmentedLog log = open();

        assertThatThrownBy(() -> log.append(batch(3, 0, 10), 2)).isInstanceOf(IllegalArgumentException.class);
        ByteBuf cut = batch(3, 0, 10);
        assertThatThrownBy(() -> log.append(cut.writerIndex(60), 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(Unpooled.buffer().writeZero(100), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(log.nextOffset()).isZero();
    }

    @Test
    void severalAppendsShareOneSync() throws IOException {
        SegmentedLog log = open();
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operations::add);
        for (int i = 0; i < 5; i++) {
            log.append(batch(1, 0, 100), 1);
        }
        executor.runAll();

        assertThat(operations).filteredOn(Operation.SYNC::equals).hasSize(1);
        assertThat(log.confirmedEnd()).isEqualTo(5);
    }

    @Test
    void aCachedLogIsNotSyncedUntilASegmentIsComplete() throws IOException {
        SegmentedLog log = open(ID, LogOptions.cached(32 << 10));
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operations::add);
        for (int i = 0; i < 20; i++) {
            log.append(batch(1, 0, 1000), 1);
            executor.runAll();
        }

        assertThat(operations).doesNotContain(Operation.SYNC);
        assertThat(log.confirmedEnd()).isEqualTo(20);
    }

    @Test
    void batchesFollowOneAnotherUpToALimitAndAtLeastOneIsRead() throws IOException {
        SegmentedLog log = filled();
        int size = batch(10, 0, 1000).readableBytes();

        assertThat(Await.now(executor, log.readBatches(15, 1)).readableBytes()).isEqualTo(size);
        ByteBuf three = Await.now(executor, log.readBatches(15, size * 4 - 1));
        assertThat(three.readableBytes()).isEqualTo(3 * size);
        assertThat(RecordBatch.baseOffset(three, 0)).isEqualTo(10);
        assertThat(Await.now(executor, log.readBatches(1000, 100)).readableBytes()).isZero();
        long next = 0;
        while (next < log.confirmedEnd()) {
            ByteBuf bytes = Await.now(executor, log.readBatches(next, Integer.MAX_VALUE));
            assertThat(RecordBatch.baseOffset(bytes, 0)).isEqualTo(next);
            next += bytes.readableBytes() / size * 10L;
            bytes.release();
        }
        assertThat(next).isEqualTo(1000);
    }

    @Test
    void anOffsetIsFoundByTimestamp() throws IOException {
        SegmentedLog log = reopen(filled());

        assertThat(Await.now(executor, log.offsetAt(-5))).isZero();
        assertThat(Await.now(executor, log.offsetAt(0))).isZero();
        assertThat(Await.now(executor, log.offsetAt(1))).isEqualTo(10);
        assertThat(Await.now(executor, log.offsetAt(500))).isEqualTo(500);
        assertThat(Await.now(executor, log.offsetAt(985))).isEqualTo(990);
        assertThat(Await.now(executor, log.offsetAt(991))).isEqualTo(1000);
    }

    @Test
    void completeSegmentsAreNotReadWhenALogIsOpened() throws IOException {
        SegmentedLog log = filled();
        log.close();
        disk.flipBit(FIRST, 500, 1);
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operations::add);

        SegmentedLog again = reopen(log);

        assertThat(operations).filteredOn(Operation.READ::equals).hasSizeLessThan(12);
        assertThat(damages).isEmpty();
        assertThatThrownBy(() -> Await.now(executor, again.read(0))).isInstanceOf(LogException.Damaged.class)
                .hasMessageContaining(FIRST.toString()).hasMessageContaining("0..9");
        assertThat(damages).extracting(Damage::firstOffset, Damage::lastOffset, Damage::position)
                .contains(tuple(0L, 9L, 0L));
        var next = Await.now(executor, again.read(10));
        assertThat(next).isNotNull();
        next.bytes().release();
    }

    @Test
    void anIndexThatIsMissingIsMadeAnew() throws IOException {
        SegmentedLog log = filled();
        byte[] index = content(FIRST_INDEX);
        assertThat(index).isNotEmpty();
        log.close();
        disk.delete(FIRST_INDEX);

        SegmentedLog again = reopen(log);

        assertThat(content(FIRST_INDEX)).isEqualTo(index);
        assertThat(Await.now(executor, again.readBatches(200, 1)).readableBytes()).isPositive();
        assertThat(damages).isEmpty();
    }

    @Test
    void anIndexThatLeadsAstrayIsMadeAnewWhenItIsUsed() throws IOException {
        SegmentedLog log = filled();
        byte[] index = content(FIRST_INDEX);
        log.close();
        for (int position = 7; position < index.length; position += OffsetIndex.ENTRY_BYTES) {
            disk.flipBit(FIRST_INDEX, position, 0);
        }

        SegmentedLog again = reopen(log);
        for (long offset = 240; offset >= 0; offset -= 10) {
            ByteBuf bytes = Await.now(executor, again.readBatches(offset, 1));
            assertThat(RecordBatch.baseOffset(bytes, 0)).isEqualTo(offset);
            bytes.release();
        }

        assertThat(content(FIRST_INDEX)).isEqualTo(index);
        assertThat(damages).isEmpty();
    }

    @Test
    void aSegmentThatWasCutShortIsReportedAndTheNextOneStays() throws IOException {
        SegmentedLog log = filled();
        long end = log.parts().getFirst().endOffset();
        log.close();
        try (DiskFile file = disk.open(FIRST)) {
            file.truncate(5000);
        }

        SegmentedLog again = reopen(log);

        assertThat(damages).extracting(Damage::firstOffset, Damage::lastOffset).contains(tuple(40L, end - 1));
        assertThatThrownBy(() -> Await.now(executor, again.read(40))).isInstanceOf(LogException.Damaged.class);
        assertThat(again.nextOffset()).isEqualTo(1000);
        var next = Await.now(executor, again.read(end));
        assertThat(next).isNotNull();
        next.bytes().release();
    }

    @Test
    void manyLogsShareFewOpenFiles() throws IOException {
        List<SegmentedLog> logs = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            SegmentedLog log = open(new LogId(0, i), LogOptions.durable(32 << 10));
            log.append(batch(1, 0, 5000), 1);
            log.append(batch(1, 0, 5000), 1);
            logs.add(log);
        }
        executor.runAll();

        assertThat(files.openCount()).isLessThanOrEqualTo(8);
        for (SegmentedLog log : logs) {
            var entry = Await.now(executor, log.read(1));
            assertThat(entry).isNotNull();
            entry.bytes().release();
        }
        assertThat(files.openCount()).isLessThanOrEqualTo(8);
    }
}
