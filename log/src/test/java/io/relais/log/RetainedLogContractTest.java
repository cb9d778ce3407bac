// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every driver of {@link LogStore} does with a {@link RetainedLog}. */
public abstract class RetainedLogContractTest {
    protected static final LogId ID = new LogId(0, 7);
    private static final int SIZE = RecordBatch.HEADER_BYTES + 100;

    protected final HandExecutor executor = new HandExecutor();
    private final List<String> reports = new ArrayList<>();
    private LogStore store;
    private long epoch;

    /** Opens the store; again after {@link LogStore#close()}, on what that one left. */
    protected abstract LogStore openStore();

    /** Makes the next write of the log fail. */
    protected abstract void failNextWrite();

    private final class Reports implements RetainedLog.Progress {
        @Override
        public void written(long end) {
            reports.add("written " + end);
        }

        @Override
        public void durable(long end) {
            reports.add("durable " + end);
        }

        @Override
        public void died(LogException why) {
            reports.add("died " + why.getClass().getSimpleName());
        }
    }

    @BeforeEach
    void open() {
        store = openStore();
    }

    @AfterEach
    void close() {
        executor.runAll();
        store.close();
    }

    protected RetainedLog openLog(RetainedOptions options) {
        return Await.now(executor, store.openRetained(ID, ++epoch, options, new Reports()));
    }

    protected RetainedLog openLog() {
        return openLog(RetainedOptions.synced(64 << 10));
    }

    private RetainedLog reopen() {
        close();
        open();
        return openLog();
    }

    /** Batches of 161 bytes each with so many offsets, and the timestamps 0, 10, 20… */
    private static ByteBuf batches(int... counts) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < counts.length; i++) {
            all.writeBytes(Batches.batch(counts[i], i * 10L, new byte[100]));
        }
        return all;
    }

    private void append(RetainedLog log, int... counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        log.append(batches(counts), sum);
        executor.runAll();
    }

    /** The base offsets of the batches of a slice, and where it ends. */
    private List<Long> offsets(RetainedLog log, long from, int maxBytes, long end) {
        BatchSlice slice = Await.now(executor, log.slice(from, maxBytes, end));
        if (slice == null) {
            return List.of();
        }
        var offsets = new ArrayList<Long>();
        int size = slice.sizeBytes();
        long sliceEnd = slice.endOffset();
        ByteBuf bytes = slice.copy();
        assertThat(bytes.readableBytes()).isEqualTo(size);
        while (bytes.isReadable()) {
            offsets.add(RecordBatch.baseOffset(bytes, bytes.readerIndex()));
            bytes.skipBytes(RecordBatch.sizeBytes(bytes, bytes.readerIndex()));
        }
        offsets.add(sliceEnd);
        bytes.release();
        return offsets;
    }

    private List<Long> scanned(RetainedLog log, long from) {
        var found = new ArrayList<Long>();
        Await.now(executor, log.scan(from, (offset, _, _) -> found.add(offset)));
        return found;
    }

    @Test
    void aNewLogIsEmpty() {
        RetainedLog log = openLog();

        assertThat(log.startOffset()).isZero();
        assertThat(log.nextOffset()).isZero();
        assertThat(log.durableEnd()).isZero();
        assertThat(log.sizeBytes()).isZero();
        assertThat(offsets(log, 0, 1000, 10)).isEmpty();
        assertThat(Await.now(executor, log.offsetAt(0))).isEqualTo(-1);
        assertThat(log.parts()).containsExactly(new RetainedLog.Part(0, 0, 0, -1));
    }

    @Test
    void offsetsAreStampedAtOnceAndProgressIsWrittenThenDurable() {
        RetainedLog log = openLog();
        ByteBuf first = batches(1, 3);

        assertThat(log.append(first.retain(), 4)).isZero();
        assertThat(log.append(batches(2), 2)).isEqualTo(4);

        assertThat(log.nextOffset()).isEqualTo(6);
        assertThat(RecordBatch.baseOffset(first, SIZE)).isEqualTo(1);
        assertThat(log.inFlightBytes()).isEqualTo(3 * SIZE);
        assertThat(log.writtenEnd()).isZero();

        executor.runAll();

        assertThat(reports).containsExactly("written 6", "durable 6");
        assertThat(log.writtenEnd()).isEqualTo(6);
        assertThat(log.durableEnd()).isEqualTo(6);
        assertThat(log.inFlightBytes()).isZero();
        assertThat(log.sizeBytes()).isEqualTo(3 * SIZE);
        first.release();
    }

    @Test
    void whatIsWrittenIsReadBeforeItIsDurable() {
        RetainedLog log = openLog(new RetainedOptions(64 << 10, 4096, 3, 0));
        append(log, 2);

        assertThat(log.durableEnd()).isZero();
        assertThat(offsets(log, 0, 1000, 10)).containsExactly(0L, 2L);

        append(log, 1);
        assertThat(log.durableEnd()).isEqualTo(3);
        assertThat(reports).containsExactly("written 2", "written 3", "durable 3");
    }

    @Test
    void onlyWholeBatchesThatAddUpToTheCountAreTaken() {
        RetainedLog log = openLog();

        assertThatThrownBy(() -> log.append(batches(3), 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(batches(3).writerIndex(60), 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(log.nextOffset()).isZero();
    }

    @Test
    void aSliceIsWholeBatchesUpToItsBounds() {
        RetainedLog log = openLog();
        append(log, 2, 2, 2, 2);

        assertThat(offsets(log, 3, 2 * SIZE, 8)).containsExactly(2L, 4L, 6L);
        assertThat(offsets(log, 3, 2 * SIZE - 1, 8)).containsExactly(2L, 4L);
        assertThat(offsets(log, 0, 10 * SIZE, 8)).containsExactly(0L, 2L, 4L, 6L, 8L);
        assertThat(offsets(log, 0, 10 * SIZE, 5)).containsExactly(0L, 2L, 4L);
        assertThat(offsets(log, 6, 1, 8)).as("the first one in any case").containsExactly(6L, 8L);
        assertThat(offsets(log, 4, 1000, 5)).as("it holds the end").isEmpty();
        assertThat(offsets(log, 8, 1000, 100)).isEmpty();
        assertThat(offsets(log, 4, 1000, 4)).isEmpty();
    }

    @Test
    void slicesOfAReopenedLogAreTheSame() {
        append(openLog(), 2, 2, 2, 2);
        RetainedLog log = reopen();

        assertThat(offsets(log, 3, 2 * SIZE, 8)).containsExactly(2L, 4L, 6L);
        assertThat(offsets(log, 3, 2 * SIZE - 1, 8)).containsExactly(2L, 4L);
        assertThat(offsets(log, 0, 10 * SIZE, 8)).containsExactly(0L, 2L, 4L, 6L, 8L);
        assertThat(offsets(log, 0, 10 * SIZE, 5)).containsExactly(0L, 2L, 4L);
        assertThat(offsets(log, 6, 1, 8)).containsExactly(6L, 8L);
        assertThat(offsets(log, 4, 1000, 5)).isEmpty();
        assertThat(offsets(log, 8, 1000, 100)).isEmpty();
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        append(openLog(), 2, 1);

        RetainedLog log = reopen();

        assertThat(log.nextOffset()).isEqualTo(3);
        assertThat(log.durableEnd()).isEqualTo(3);
        assertThat(scanned(log, 0)).containsExactly(0L, 2L);
        assertThat(log.append(batches(1), 1)).isEqualTo(3);
    }

    @Test
    void closingWritesAndSyncsWhatWaits() {
        RetainedLog log = openLog(new RetainedOptions(64 << 10, 4096, 1000, 0));
        log.append(batches(1), 1);
        log.close();

        assertThat(reports).containsExactly("written 1", "durable 1");
        assertThatThrownBy(() -> log.append(batches(1), 1)).isInstanceOf(LogException.WriterDead.class);
    }

    @Test
    void anOffsetIsFoundByTimestamp() {
        RetainedLog log = openLog();
        append(log, 2, 2, 2);

        assertThat(Await.now(executor, log.offsetAt(-1))).isZero();
        assertThat(Await.now(executor, log.offsetAt(1))).isEqualTo(2);
        assertThat(Await.now(executor, log.offsetAt(20))).isEqualTo(4);
        assertThat(Await.now(executor, log.offsetAt(21))).isEqualTo(-1);
    }

    @Test
    void aHigherEpochTakesTheLogOverAndTheEarlierWriterIsDead() {
        RetainedLog first = openLog();
        append(first, 1);
        reports.clear();
        first.append(batches(1), 1);
        var opening = store.openRetained(ID, ++epoch, RetainedOptions.synced(1000), new Reports());

        RetainedLog second = Await.now(executor, opening);

        assertThat(reports).contains("died StaleEpoch");
        assertThatThrownBy(() -> first.append(batches(1), 1)).isInstanceOf(LogException.WriterDead.class);
        assertThat(second.nextOffset()).isBetween(1L, 2L);
    }

    @Test
    void anEpochThatIsNotHigherIsRefusedAndTheWriterLivesOn() {
        RetainedLog log = openLog();
        append(log, 1);

        assertThatThrownBy(
                () -> Await.now(executor, store.openRetained(ID, epoch, RetainedOptions.synced(1000), new Reports())))
                .isInstanceOf(LogException.StaleEpoch.class);
        append(log, 1);
        assertThat(log.durableEnd()).isEqualTo(2);

        close();
        open();
        assertThatThrownBy(
                () -> Await.now(executor, store.openRetained(ID, epoch, RetainedOptions.synced(1000), new Reports())))
                .isInstanceOf(LogException.StaleEpoch.class);
    }

    @Test
    void trimFreesWholeFilesAndWhatLiesBelowIsTrimmed() {
        RetainedLog log = openLog();
        for (int i = 0; i < 5; i++) {
            append(log, 2);
            log.roll();
        }
        assertThat(log.parts()).extracting(RetainedLog.Part::firstOffset).containsExactly(0L, 2L, 4L, 6L, 8L);

        Await.now(executor, log.trim(5));

        assertThat(log.startOffset()).isEqualTo(4);
        assertThatThrownBy(() -> offsets(log, 3, 1000, 10)).isInstanceOf(LogException.Trimmed.class);
        assertThat(offsets(log, 4, 1000, 10)).containsExactly(4L, 6L);
        assertThat(reopen().startOffset()).isEqualTo(4);
    }

    @Test
    void aLogThatWasTrimmedWhollyGoesOnWhereItEnded() {
        RetainedLog log = openLog();
        append(log, 7);
        log.roll();
        append(log, 1);
        Await.now(executor, log.trim(7));

        log = reopen();

        assertThat(log.startOffset()).isEqualTo(7);
        assertThat(log.nextOffset()).isEqualTo(8);
    }

    @Test
    void aNewFileIsBegunWhereTheSizeIsReached() {
        RetainedLog log = openLog(RetainedOptions.synced(1000));
        for (int i = 0; i < 20; i++) {
            log.append(batches(1), 1);
        }
        executor.runAll();

        assertThat(log.parts()).hasSize(4).allSatisfy(part -> assertThat(part.bytes()).isLessThanOrEqualTo(1000));
        assertThat(scanned(log, 0)).hasSize(20);
        assertThat(reopen().parts()).hasSize(4);
    }

    @Test
    void afterAFailureNothingIsReportedUntilTheLogIsReopened() {
        RetainedLog log = openLog();
        append(log, 1);
        failNextWrite();
        append(log, 1);

        assertThat(reports).containsExactly("written 1", "durable 1", "died Io");
        assertThatThrownBy(() -> log.append(batches(1), 1)).isInstanceOf(LogException.WriterDead.class);
        assertThat(log.inFlightBytes()).isZero();

        RetainedLog again = openLog();
        assertThat(again.nextOffset()).isBetween(1L, 2L);
        append(again, 1);
        assertThat(again.durableEnd()).isEqualTo(again.nextOffset());
        assertThat(store.damages()).isEmpty();
    }

    @Test
    void theOffsetsOfTheBytesAreThoseOfTheLog() {
        RetainedLog log = openLog();
        append(log, 2, 3);
        List<@Nullable String> texts = new ArrayList<>();
        Await.now(executor, log.scan(0, (offset, count, bytes) -> texts.add(
                offset + "+" + count + "=" + RecordBatch.baseOffset(bytes, bytes.readerIndex()) + " "
                        + ByteBufUtil.getBytes(bytes).length)));

        assertThat(texts).containsExactly("0+2=0 161", "2+3=2 161");
    }

    @Test
    void aDeletedLogIsGone() {
        append(openLog(), 1);
        assertThat(Await.now(executor, store.list(0))).containsExactly(ID);

        Await.now(executor, store.delete(ID));

        assertThat(Await.now(executor, store.list(0))).isEmpty();
        assertThat(openLog().nextOffset()).isZero();
    }
}
