// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.Seeds;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final LogId ID = LogId.journal(0);
    private static final Path FOLDER = Path.of("shard-0/journal");
    private static final int FILE_BYTES = 16 << 10;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final HandExecutor commits = new HandExecutor();
    private final HandExecutor io = new HandExecutor();
    private final List<Damage> damages = new ArrayList<>();
    private long epoch;

    private Journal open() throws IOException {
        var environment = new Journal.Environment(disk, commits, io, ByteBufAllocator.DEFAULT, new Random(1),
                damages::add);
        return Journal.open(environment, ID, FOLDER, ++epoch, LogOptions.durable(FILE_BYTES));
    }

    private CompletionStage<Long> append(Journal journal, int bytes) {
        return journal.append(Unpooled.buffer().writeZero(bytes), 1);
    }

    private List<String> files() {
        return disk.list(FOLDER);
    }

    @Test
    void everythingThatWaitsSharesOneWriteAndOneSync() throws IOException {
        Journal journal = open();
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operations::add);
        for (int i = 0; i < 5; i++) {
            append(journal, 1000);
        }

        commits.runAll();

        assertThat(operations).containsExactly(Operation.WRITE, Operation.SYNC);
    }

    @Test
    void whatIsAppendedWhileTheDiskWorksIsTheNextGroup() throws IOException {
        Journal journal = open();
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operation -> {
            operations.add(operation);
            if (operation == Operation.SYNC && operations.size() < 6) {
                append(journal, 10);
            }
        });
        append(journal, 10);

        assertThat(commits.runOne()).isTrue();

        assertThat(commits.runOne()).as("one task drains all").isFalse();
        assertThat(journal.confirmedEnd()).isEqualTo(3);
        assertThat(operations).hasSize(6);
    }

    @Test
    void theNextFileIsMadeBeforeItIsNeeded() throws IOException {
        Journal journal = open();
        append(journal, 5000);
        commits.runAll();
        assertThat(journal.parts()).hasSize(1);

        io.runAll();
        assertThat(files()).filteredOn(name -> name.endsWith(".journal")).hasSize(2);
        List<Operation> operations = new ArrayList<>();
        disk.onOperation(operations::add);
        append(journal, 12_000);
        commits.runAll();

        assertThat(operations).containsExactly(Operation.SYNC, Operation.WRITE, Operation.SYNC);
    }

    @Test
    void trimmedFilesAreUsedAgainUpToABoundAndTheOthersDeleted() throws IOException {
        Journal journal = open();
        for (int i = 0; i < 8; i++) {
            append(journal, 10_000);
        }
        commits.runAll();
        assertThat(journal.parts()).hasSize(8);

        Await.now(io, journal.trim(7));

        assertThat(journal.parts()).hasSize(1);
        assertThat(files()).filteredOn(name -> name.endsWith(".spare")).hasSize(JournalFolder.SPARES_MAX);
        assertThat(disk.usedBytes()).isLessThan(5 * FILE_BYTES);
        append(journal, 10_000);
        append(journal, 10_000);
        commits.runAll();
        assertThat(files()).filteredOn(name -> name.endsWith(".spare")).as("one was used, beside the file made ahead")
                .hasSize(1);
        assertThat(journal.confirmedEnd()).isEqualTo(10);
        assertThat(open().nextOffset()).isEqualTo(10);
        assertThat(damages).isEmpty();
    }

    @Test
    void anEntryLargerThanAFileGetsOneOfItsOwnThatIsNotUsedAgain() throws IOException {
        Journal journal = open();
        append(journal, 100);
        append(journal, 3_000_000);
        append(journal, 5000);
        commits.runAll();

        assertThat(journal.parts()).extracting(part -> part.bytes() > FILE_BYTES).containsExactly(false, true, false);
        var entry = Await.now(io, journal.read(1));
        assertThat(entry).isNotNull();
        assertThat(entry.bytes().readableBytes()).isEqualTo(3_000_000);
        entry.bytes().release();
        Await.now(io, journal.trim(2));
        assertThat(disk.usedBytes()).isLessThan(3_000_000);
        assertThat(open().nextOffset()).isEqualTo(3);
    }

    @Test
    void aFullDiskEndsAppendsWithAnAdviceAndWhatWasAcknowledgedStays() throws IOException {
        Journal journal = open();
        append(journal, 10_000);
        commits.runAll();
        disk.limitBytes(disk.usedBytes());
        CompletionStage<Long> refused = append(journal, 10_000);

        assertThatThrownBy(() -> Await.now(commits, refused)).isInstanceOf(LogException.Io.class)
                .hasMessageContaining("shard-0/journal").hasMessageContaining("free space")
                .hasMessageContaining("No space left");
        assertThatThrownBy(() -> Await.now(commits, append(journal, 1))).isInstanceOf(LogException.WriterDead.class);

        disk.limitBytes(Long.MAX_VALUE);
        assertThat(open().nextOffset()).isEqualTo(1);
        assertThat(damages).isEmpty();
    }

    @Test
    void aFileThatCouldNotBeMadeAheadIsTriedAgainWhenItIsNeeded() throws IOException {
        Journal journal = open();
        append(journal, 10_000);
        commits.runAll();
        disk.limitBytes(disk.usedBytes());
        io.runAll();
        disk.limitBytes(Long.MAX_VALUE);
        CompletionStage<Long> append = append(journal, 10_000);

        assertThat(Await.now(commits, append)).isEqualTo(1);
    }

    @Test
    void aReaderKeepsAFileFromBeingUsedAgainUnderIt() throws IOException {
        Journal journal = open();
        for (int i = 0; i < 3; i++) {
            append(journal, 10_000);
        }
        commits.runAll();
        List<Long> seen = new ArrayList<>();
        Await.now(io, journal.scan(0, (offset, _, bytes) -> {
            if (offset == 0) {
                var trimmed = journal.trim(2);
                while (io.runOne()) {
                    // the trim waits for this scan
                }
                assertThat(trimmed.toCompletableFuture()).isNotDone();
                assertThat(bytes.getByte(9_999)).isZero();
            }
            seen.add(offset);
        }));
        io.runAll();

        assertThat(seen).startsWith(0L).endsWith(2L);
        assertThat(journal.startOffset()).isEqualTo(2);
        assertThatThrownBy(() -> Await.now(io, journal.read(0))).isInstanceOf(LogException.Trimmed.class);
    }

    @Test
    void aMessageThatLooksLikeAFrameIsNotTakenForOne() throws IOException {
        Journal journal = open();
        append(journal, 600);
        commits.runAll();
        journal.close();
        byte[] file = new byte[FILE_BYTES];
        Path first = FOLDER.resolve("00000000000000000001.journal");
        try (DiskFile open = disk.open(first)) {
            open.read(0, Unpooled.wrappedBuffer(file).clear(), FILE_BYTES);
        }
        // a sender who knew everything but the salt: the frame of offset 0, with another generation, where an entry is damaged
        byte[] forged = Arrays.copyOfRange(file, 1024, 2048);
        forged[8] ^= 1;
        journal = open();
        journal.append(Unpooled.buffer().writeZero(512 - Frame.HEADER_BYTES).writeBytes(forged), 1);
        commits.runAll();
        journal.close();
        disk.flipBit(FOLDER.resolve("00000000000000000002.journal"), 1024 + Frame.HEADER_BYTES, 0);

        Journal again = open();

        List<Long> seen = new ArrayList<>();
        Await.now(io, again.scan(0, (offset, _, _) -> seen.add(offset)));
        assertThat(seen).containsExactly(0L);
        assertThat(damages).extracting(Damage::firstOffset, Damage::lastOffset).containsExactly(tuple(1L, 1L));
        assertThat(again.nextOffset()).isEqualTo(2);
    }

    @Test
    void damageTellsFilePositionLengthAndOffsets() throws IOException {
        Journal journal = open();
        for (String text : List.of("first", "second", "third")) {
            journal.append(Unpooled.copiedBuffer(text, US_ASCII), 10);
            commits.runAll();
        }
        journal.close();
        Path file = FOLDER.resolve("00000000000000000001.journal");
        disk.flipBit(file, 1536 + 20, 3);

        open();

        assertThat(damages).containsExactly(new Damage(ID, file.toString(), 1536, 512, 10, 19,
                "entries are missing or do not match their checksum"));
    }

    @Test
    void whateverIsInTheFilesOpeningEndsWithAJournalThatWorks() {
        Seeds.each(Integer.getInteger("histories", 300), seed -> {
            Random random = new Random(seed);
            SimulatedDisk garbage = new SimulatedDisk(seed);
            try {
                garbage.createFolders(FOLDER);
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    byte[] bytes = new byte[random.nextInt(8000)];
                    random.nextBytes(bytes);
                    String name = random.nextInt(4) == 0
                            ? JournalState.NAME
                            : "%020d.journal".formatted(random.nextLong(1L << 40));
                    try (DiskFile file = garbage.open(FOLDER.resolve(name))) {
                        file.write(0, Unpooled.wrappedBuffer(bytes));
                    }
                }
                var environment = new Journal.Environment(garbage, commits, io, ByteBufAllocator.DEFAULT, random,
                        damages::add);
                Journal journal = Journal.open(environment, ID, FOLDER, 1, LogOptions.durable(FILE_BYTES));
                assertThat(damages).isNotEmpty();
                assertThat(Await.now(commits, append(journal, 10))).isNotNegative();
                journal.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
