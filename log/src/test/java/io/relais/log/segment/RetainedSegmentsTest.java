// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.BatchSlice;
import io.relais.log.Batches;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import io.relais.log.record.RecordBatch;
import org.junit.jupiter.api.Test;

class RetainedSegmentsTest {
    private static final LogId ID = new LogId(0, 1);
    private static final Path FOLDER = Path.of("shard-0/log-1");
    private static final int SIZE = RecordBatch.HEADER_BYTES + 1000;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final HandExecutor writing = new HandExecutor();
    private final HandExecutor syncing = new HandExecutor();
    private final HandExecutor io = new HandExecutor();
    private final HandExecutor delayed = new HandExecutor();
    private final List<Damage> damages = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private FilePool files = new FilePool(disk, 8);
    private RetainedLogs logs = logs();
    private long epoch;

    private RetainedLogs logs() {
        var environment = new SegmentedLog.Environment(files, io, ByteBufAllocator.DEFAULT, damages::add);
        return new RetainedLogs(environment, writing, syncing, (_, task) -> delayed.execute(task));
    }

    private static final RetainedLog.Progress IGNORED = new RetainedLog.Progress() {
        @Override
        public void written(long end) {
            // the log itself is asked
        }

        @Override
        public void durable(long end) {
            // the log itself is asked
        }

        @Override
        public void died(LogException why) {
            throw new AssertionError(why);
        }
    };

    private RetainedSegments open(LogId id, RetainedOptions options) throws IOException {
        return logs.open(id, Path.of(id.toString()), ++epoch, options, IGNORED);
    }

    private RetainedSegments open() throws IOException {
        return open(ID, RetainedOptions.synced(32 << 10));
    }

    /** Closes a log and opens it again with nothing in memory. */
    private RetainedSegments reopen(RetainedSegments log) throws IOException {
        log.close();
        files.close();
        files = new FilePool(disk, 8);
        logs = logs();
        return open();
    }

    private void run() {
        while (writing.runOne() || syncing.runOne() || io.runOne()) {
            // the next one
        }
    }

    private static void append(RetainedSegments log, int batches) {
        for (int i = 0; i < batches; i++) {
            log.append(Batches.batch(10, log.nextOffset(), new byte[1000]), 10);
        }
    }

    /** 100 batches of 10 offsets and 1 KB: four segments. */
    private RetainedSegments filled() throws IOException {
        RetainedSegments log = open();
        append(log, 100);
        run();
        assertThat(log.parts()).hasSize(4);
        return log;
    }

    private List<Operation> watched() {
        operations.clear();
        disk.onOperation(operations::add);
        return operations;
    }

    private ByteBuf bytes(RetainedSegments log, long from, int maxBytes) {
        run();
        var stage = log.slice(from, maxBytes, Long.MAX_VALUE);
        run();
        BatchSlice slice = Await.now(stage);
        return slice == null ? Unpooled.EMPTY_BUFFER : slice.copy();
    }

    @Test
    void aPartitionThatIsCreatedTouchesNoFileBeforeItsFirstAppend() throws IOException {
        disk.createFolders(Path.of("shard-0"));
        List<Operation> seen = watched();
        RetainedSegments log = open();

        assertThat(seen).isEmpty();
        assertThat(disk.files()).isEmpty();

        append(log, 1);
        run();
        assertThat(seen).containsExactly(Operation.OPEN, Operation.WRITE, Operation.SYNC, Operation.SYNC_FOLDER,
                Operation.SYNC_FOLDER);
    }

    @Test
    void appendsOfALogThatWaitTogetherAreOneWriteAndOneSync() throws IOException {
        RetainedSegments log = open();
        append(log, 1);
        run();
        List<Operation> seen = watched();
        append(log, 5);
        run();

        assertThat(seen).containsExactly(Operation.WRITE, Operation.SYNC);
        assertThat(log.durableEnd()).isEqualTo(60);
    }

    @Test
    void aLargeAppendIsWrittenFromWhereItIs() throws IOException {
        RetainedSegments log = open();
        append(log, 1);
        run();
        List<Operation> seen = watched();
        log.append(Batches.batch(1, 0, new byte[10_000]), 1);
        log.append(Batches.batch(1, 0, new byte[10_000]), 1);
        run();

        assertThat(seen).containsExactly(Operation.WRITE, Operation.WRITE, Operation.SYNC);
    }

    @Test
    void whileARoundOfSyncsRunsWritesGoOnAndTheNextRoundGathers() throws IOException {
        RetainedSegments log = open();
        append(log, 1);
        writing.runOne();
        assertThat(log.writtenEnd()).isEqualTo(10);
        append(log, 2);
        writing.runOne();

        assertThat(log.writtenEnd()).isEqualTo(30);
        assertThat(log.durableEnd()).isZero();
        syncing.runOne();
        assertThat(log.durableEnd()).isEqualTo(30);
        assertThat(syncing.runOne()).isFalse();
    }

    @Test
    void aRoundOfManyLogsIsOneSync() throws IOException {
        var all = new ArrayList<RetainedSegments>();
        for (int i = 1; i <= 20; i++) {
            all.add(open(new LogId(0, i), RetainedOptions.synced(32 << 10)));
        }
        all.forEach(log -> append(log, 1));
        while (writing.runOne()) {
            // all are written
        }
        List<Operation> seen = watched();
        run();

        assertThat(seen).containsExactly(Operation.SYNC);
        assertThat(all).allSatisfy(log -> assertThat(log.durableEnd()).isEqualTo(10));
    }

    @Test
    void aLogWithATimeLimitIsSyncedWhenItIsOver() throws IOException {
        RetainedSegments log = open(ID, new RetainedOptions(32 << 10, 4096, 0, 500));
        append(log, 2);
        run();
        append(log, 1);
        run();
        assertThat(log.durableEnd()).isZero();

        assertThat(delayed.runOne()).isTrue();
        run();
        assertThat(log.durableEnd()).isEqualTo(30);
        assertThat(delayed.runOne()).isFalse();
    }

    @Test
    void aLogThatWasClosedWellIsOpenedWithoutAWriteASyncOrALookAtItsBatches() throws IOException {
        RetainedSegments log = filled();
        log.close();
        List<Operation> seen = watched();

        RetainedSegments again = reopen(log);

        assertThat(seen).containsExactly(Operation.OPEN, Operation.READ, Operation.OPEN, Operation.READ);
        assertThat(again.nextOffset()).isEqualTo(1000);
        assertThat(again.parts()).isEqualTo(log.parts());
        assertThat(bytes(again, 995, 1).readableBytes()).isEqualTo(SIZE);
    }

    @Test
    void tenThousandLogsShareFewOpenFiles() throws IOException {
        for (int i = 1; i <= 10_000; i++) {
            RetainedSegments log = open(new LogId(0, i), RetainedOptions.synced(32 << 10));
            append(log, 1);
            if (i % 100 == 0) {
                run();
                assertThat(files.openCount()).isLessThanOrEqualTo(8);
            }
        }
    }

    @Test
    void nearItsEndALogIsReadWithoutLookingForBatches() throws IOException {
        RetainedSegments log = filled();
        List<Operation> seen = watched();

        assertThat(bytes(log, 993, 5000).readableBytes()).isEqualTo(SIZE);

        assertThat(seen).containsExactly(Operation.READ);
    }

    @Test
    void aSliceKeepsItsFileWhateverIsTrimmed() throws IOException {
        RetainedSegments log = filled();
        var stage = log.slice(0, 3 * SIZE, 1000);
        while (io.runOne()) {
            // read
        }
        BatchSlice slice = Await.now(stage);
        var trim = log.trim(500);
        run();

        assertThat(slice).isNotNull();
        assertThat(slice.sizeBytes()).isEqualTo(3 * SIZE);
        assertThat(Await.now(trim)).isNull();
        slice.close();
    }

    @Test
    void aRewrittenStretchKeepsItsOffsetsAndWhatIsLeftOutIsOneBatchWithoutRecords() throws IOException {
        RetainedSegments log = filled();
        List<RetainedLog.Part> parts = log.parts();
        long end = parts.get(2).endOffset();

        var stage = log.rewrite(0, end, batch -> {
            long offset = RecordBatch.baseOffset(batch, batch.readerIndex());
            return offset == 300 || offset == 310 ? batch : null;
        });
        run();

        assertThat(Await.now(stage)).isEqualTo(2 * SIZE + 2 * RecordBatch.HEADER_BYTES);
        assertThat(log.parts()).extracting(RetainedLog.Part::firstOffset).containsExactly(0L, end);
        assertThat(disk.files()).extracting(path -> String.valueOf(path.getFileName()))
                .filteredOn(name -> name.endsWith(".log")).hasSize(2).contains("00000000000000000000-1.log");
        List<String> expected = List.of("0+300 records 0", "300+10 records 10", "310+10 records 10",
                "320+" + (end - 320) + " records 0");
        assertThat(soundBelow(log, end)).isEqualTo(expected);
        assertThat(soundBelow(reopen(log), end)).isEqualTo(expected);
        assertThat(damages).isEmpty();
    }

    /** The batches below an offset, all of them sound, as text. */
    private List<String> soundBelow(RetainedSegments log, long end) {
        List<String> found = new ArrayList<>();
        var scan = log.scan(0, (offset, count, bytes) -> {
            int at = bytes.readerIndex();
            assertThat(RecordBatch.verify(bytes, at, bytes.readableBytes())).isNull();
            if (offset < end) {
                found.add(offset + "+" + count + " records " + RecordBatch.count(bytes, at));
            }
        });
        run();
        Await.now(scan);
        return found;
    }

    @Test
    void aBatchWithoutRecordsIsWhatKafkasClientsPassOver() throws IOException {
        RetainedSegments log = filled();
        long end = log.parts().getFirst().endOffset();
        var stage = log.rewrite(0, end, _ -> null);
        run();
        Await.now(stage);

        ByteBuf hole = bytes(log, 57, 1);

        assertThat(hole.readableBytes()).isEqualTo(RecordBatch.HEADER_BYTES);
        assertThat(RecordBatch.baseOffset(hole, 0)).isZero();
        assertThat(RecordBatch.lastOffsetDelta(hole, 0)).isEqualTo(end - 1);
        assertThat(RecordBatch.count(hole, 0)).isZero();
        assertThat(hole.getByte(RecordBatch.MAGIC)).isEqualTo((byte) 2);
        assertThat(hole.getLong(RecordBatch.PRODUCER_ID)).isEqualTo(-1);
        assertThat(hole.getShort(RecordBatch.PRODUCER_EPOCH)).isEqualTo((short) -1);
        assertThat(hole.getInt(RecordBatch.BASE_SEQUENCE)).isEqualTo(-1);
        assertThat(RecordBatch.verify(hole, 0, hole.readableBytes())).isNull();
    }

    @Test
    void aReplacementMustTakeTheSameOffsets() throws IOException {
        RetainedSegments log = filled();
        List<RetainedLog.Part> parts = log.parts();
        List<Path> before = disk.files();

        var stage = log.rewrite(0, parts.getFirst().endOffset(), _ -> Batches.batch(9, 0, new byte[1]));
        run();

        assertThatThrownBy(() -> Await.now(stage)).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.parts()).isEqualTo(parts);
        assertThat(disk.files()).isEqualTo(before);
    }

    @Test
    void onlyWholeCompleteFilesAreRewritten() throws IOException {
        RetainedSegments log = filled();
        long end = log.parts().getFirst().endOffset();

        for (var stage : List.of(log.rewrite(0, end - 10, batch -> batch), log.rewrite(10, end, batch -> batch),
                log.rewrite(0, 1000, batch -> batch))) {
            run();
            assertThatThrownBy(() -> Await.now(stage)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theDiskNeedsNoIndexOfWhatWasWrittenLast() throws IOException {
        RetainedSegments log = open();
        append(log, 20);
        run();

        assertThat(disk.exists(FOLDER.resolve("00000000000000000000.index"))).isFalse();
        log.close();
        assertThat(disk.size(FOLDER.resolve("00000000000000000000.index"))).isPositive();
    }

    @Test
    void anIndexOfAnOpenSegmentThatLeadsAstrayIsNotBelieved() throws IOException {
        RetainedSegments log = open();
        append(log, 30);
        run();
        log.close();
        Path index = FOLDER.resolve("00000000000000000000.index");
        for (int position = 7; position < disk.size(index); position += OffsetIndex.ENTRY_BYTES) {
            disk.flipBit(index, position, 0);
        }
        RetainedSegments again = reopen(log);

        for (long offset = 0; offset < 300; offset += 10) {
            ByteBuf found = bytes(again, offset, 1);
            assertThat(RecordBatch.baseOffset(found, 0)).isEqualTo(offset);
        }
        assertThat(damages).isEmpty();
    }

    @Test
    void whatAKilledProcessHasWrittenIsSyncedWhenTheLogIsOpened() throws IOException {
        RetainedSegments log = open(ID, new RetainedOptions(32 << 10, 4096, 1000, 0));
        append(log, 3);
        run();
        log.fence(new LogException.WriterDead(ID, null));

        RetainedSegments again = open();

        assertThat(again.durableEnd()).isEqualTo(30);
        SimulatedDisk after = disk.crash();
        try (DiskFile file = after.open(FOLDER.resolve("00000000000000000000.log"))) {
            assertThat(file.size()).isEqualTo(3 * SIZE);
            ByteBuf found = Unpooled.buffer();
            file.read(0, found, 3 * SIZE);
            assertThat(RecordBatch.verify(found, 2 * SIZE, SIZE)).isNull();
            assertThat(ByteBufUtil.getBytes(found)).hasSize(3 * SIZE);
        }
    }
}
