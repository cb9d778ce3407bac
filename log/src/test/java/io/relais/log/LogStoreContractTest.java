// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every driver of {@link LogStore} does. Entries are record batches, which every log takes. */
public abstract class LogStoreContractTest {
    protected final HandExecutor executor = new HandExecutor();
    private LogStore store;
    private long epoch;

    /** The log under test. */
    protected abstract LogId id();

    /** Opens the store; again after {@link LogStore#close()}, on what that one left. */
    protected abstract LogStore openStore();

    /** Makes the next write of the log fail. */
    protected abstract void failNextWrite();

    /** Damages the entry that was appended first. */
    protected abstract void damageFirstEntry();

    @BeforeEach
    void open() {
        store = openStore();
    }

    @AfterEach
    void close() {
        executor.runAll();
        store.close();
    }

    @Test
    void aNewLogIsEmpty() {
        LogWriter log = openLog();

        assertThat(log.startOffset()).isZero();
        assertThat(log.nextOffset()).isZero();
        assertThat(log.confirmedEnd()).isZero();
        assertThat(Await.now(executor, log.read(0))).isNull();
    }

    @Test
    void aStateKeptBesideALogIsReplacedAsAWholeAndGoesWithTheLog() {
        openLog();
        assertThat(Await.now(executor, store.loadState(id()))).isNull();

        Await.now(executor, store.saveState(id(), ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, "first")));
        Await.now(executor, store.saveState(id(), ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, "second")));

        assertThat(Await.now(executor, store.loadState(id())))
                .isEqualTo(ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, "second"));
        Await.now(executor, store.delete(id()));
        assertThat(Await.now(executor, store.loadState(id()))).isNull();
    }

    @Test
    void offsetsAreDenseOverRecordsAndStagesCompleteInTheirOrder() {
        LogWriter log = openLog();
        List<Long> completed = new ArrayList<>();
        for (int count : List.of(1, 3, 2)) {
            log.append(entry(count, "x"), count).thenAccept(completed::add);
        }
        assertThat(log.nextOffset()).isEqualTo(6);
        assertThat(log.confirmedEnd()).isZero();
        assertThat(log.inFlightBytes()).isPositive();

        executor.runAll();

        assertThat(completed).containsExactly(0L, 1L, 4L);
        assertThat(log.confirmedEnd()).isEqualTo(6);
        assertThat(log.inFlightBytes()).isZero();
    }

    @Test
    void anEntryIsReadByAnyOfItsOffsetsAndInParts() {
        LogWriter log = openLog();
        append(log, 2, "first");
        append(log, 3, "second");

        for (long offset = 2; offset < 5; offset++) {
            var entry = Await.now(executor, log.read(offset));
            assertThat(entry).isNotNull();
            assertThat(entry.offset()).isEqualTo(2);
            assertThat(entry.count()).isEqualTo(3);
            assertThat(text(entry.bytes())).endsWith("second");
        }
        int size = entry(3, "second").readableBytes();
        assertThat(text(Await.now(executor, log.read(4, size - 6, 3)))).isEqualTo("sec");
        assertThatThrownBy(() -> Await.now(executor, log.read(4, size - 6, 7)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aScanGivesEverythingFromAnOffsetOn() {
        LogWriter log = openLog();
        for (int i = 0; i < 10; i++) {
            append(log, 2, "entry " + i);
        }
        List<String> found = new ArrayList<>();

        Await.now(executor, log.scan(13, (offset, count, bytes) -> found.add(offset + "+" + count + " "
                + text(bytes.retainedDuplicate()).replaceAll("(?s).*entry", "entry"))));

        assertThat(found).containsExactly("12+2 entry 6", "14+2 entry 7", "16+2 entry 8", "18+2 entry 9");
    }

    @Test
    void whatWasAcknowledgedIsThereAfterReopening() {
        LogWriter log = openLog();
        append(log, 2, "a");
        append(log, 1, "b");

        log = reopen();

        assertThat(log.nextOffset()).isEqualTo(3);
        assertThat(log.confirmedEnd()).isEqualTo(3);
        assertThat(append(log, 1, "c")).isEqualTo(3);
        var entry = Await.now(executor, log.read(1));
        assertThat(entry).isNotNull();
        assertThat(text(entry.bytes())).endsWith("a");
    }

    @Test
    void closingCommitsWhatWaits() {
        LogWriter log = openLog();
        CompletionStage<Long> append = log.append(entry(1, "a"), 1);
        log.close();

        assertThat(Await.now(append)).isZero();
        assertThatThrownBy(() -> append(log, 1, "b")).isInstanceOf(LogException.WriterDead.class);
    }

    @Test
    void aHigherEpochTakesTheLogOverAndTheEarlierWriterIsDead() {
        LogWriter first = openLog();
        append(first, 1, "a");
        List<LogException> deaths = new ArrayList<>();
        first.onDead(deaths::add);

        LogWriter second = openLog();

        assertThat(deaths).hasSize(1).first().isInstanceOf(LogException.StaleEpoch.class);
        assertThatThrownBy(() -> append(first, 1, "late")).isInstanceOf(LogException.WriterDead.class);
        assertThat(append(second, 1, "b")).isEqualTo(1);
    }

    @Test
    void anEpochThatIsNotHigherIsRefusedAndTheWriterLivesOn() {
        LogWriter log = openLog();

        assertThatThrownBy(() -> Await.now(executor, store.openAndFence(id(), epoch, options())))
                .isInstanceOf(LogException.StaleEpoch.class);
        assertThat(append(log, 1, "a")).isZero();

        close();
        open();
        assertThatThrownBy(() -> Await.now(executor, store.openAndFence(id(), epoch, options())))
                .isInstanceOf(LogException.StaleEpoch.class);
    }

    @Test
    void trimFreesWholeFilesAndWhatLiesBelowIsTrimmed() {
        LogWriter log = openLog();
        for (int i = 0; i < 5; i++) {
            append(log, 2, "entry " + i);
            log.roll();
        }
        assertThat(log.parts()).hasSizeGreaterThanOrEqualTo(5);

        Await.now(executor, log.trim(5));

        assertThat(log.startOffset()).isEqualTo(4);
        assertThat(log.parts().getFirst().firstOffset()).isEqualTo(4);
        assertThatThrownBy(() -> Await.now(executor, log.read(3))).isInstanceOf(LogException.Trimmed.class);
        var entry = Await.now(executor, log.read(4));
        assertThat(entry).isNotNull();
        entry.bytes().release();
        assertThat(reopen().startOffset()).isEqualTo(4);
    }

    @Test
    void aLogThatWasTrimmedWhollyGoesOnWhereItEnded() {
        LogWriter log = openLog();
        append(log, 7, "a");
        log.roll();
        append(log, 1, "b");
        Await.now(executor, log.trim(8));

        log = reopen();

        assertThat(log.nextOffset()).isEqualTo(8);
        assertThat(append(log, 1, "c")).isEqualTo(8);
    }

    @Test
    void afterAFailureNothingIsAcknowledgedUntilTheLogIsReopened() {
        LogWriter log = openLog();
        append(log, 1, "a");
        List<LogException> deaths = new ArrayList<>();
        log.onDead(deaths::add);
        failNextWrite();

        assertThatThrownBy(() -> append(log, 1, "b")).isInstanceOf(LogException.Io.class);
        assertThatThrownBy(() -> append(log, 1, "c")).isInstanceOf(LogException.WriterDead.class);
        assertThat(deaths).hasSize(1).first().isInstanceOf(LogException.Io.class);

        LogWriter again = openLog();
        assertThat(again.nextOffset()).isBetween(1L, 2L);
        long next = again.nextOffset();
        assertThat(append(again, 1, "d")).isEqualTo(next);
        assertThat(store.damages()).isEmpty();
    }

    @Test
    void damageIsReportedAndWhatFollowsIsKept() {
        LogWriter log = openLog();
        append(log, 2, "lost");
        append(log, 1, "kept");
        log.close();
        damageFirstEntry();

        LogWriter again = openLog();
        List<Long> found = new ArrayList<>();
        Await.now(executor, again.scan(0, (offset, _, _) -> found.add(offset)));

        assertThat(found).containsExactly(2L);
        assertThat(again.nextOffset()).isEqualTo(3);
        assertThatThrownBy(() -> Await.now(executor, again.read(1))).isInstanceOf(LogException.Damaged.class);
        assertThat(store.damages()).isNotEmpty().allSatisfy(damage -> {
            assertThat(damage.log()).isEqualTo(id());
            assertThat(damage.firstOffset()).isZero();
            assertThat(damage.lastOffset()).isEqualTo(1);
            assertThat(damage.file()).startsWith(id().toString());
        });
    }

    @Test
    void aDeletedLogIsGoneAndDeletingAgainIsFine() {
        append(openLog(), 1, "a");
        assertThat(Await.now(executor, store.list(id().shard()))).containsExactly(id());
        assertThat(Await.now(executor, store.list(id().shard() + 1))).isEmpty();

        Await.now(executor, store.delete(id()));
        Await.now(executor, store.delete(id()));

        assertThat(Await.now(executor, store.list(id().shard()))).isEmpty();
    }

    protected LogWriter openLog() {
        return Await.now(executor, store.openAndFence(id(), ++epoch, options()));
    }

    protected LogStore store() {
        return store;
    }

    private LogWriter reopen() {
        close();
        open();
        return openLog();
    }

    private static LogOptions options() {
        return LogOptions.durable(64 << 10);
    }

    protected long append(LogWriter log, int count, String text) {
        return Await.now(executor, log.append(entry(count, text), count));
    }

    protected static ByteBuf entry(int count, String text) {
        return Batches.batch(count, 0, text.getBytes(ISO_8859_1));
    }

    private static String text(ByteBuf bytes) {
        String text = new String(ByteBufUtil.getBytes(bytes), ISO_8859_1);
        bytes.release();
        return text;
    }
}
