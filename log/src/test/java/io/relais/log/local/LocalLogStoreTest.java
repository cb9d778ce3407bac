// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.relais.log.LogId;
import io.relais.log.LogStore;
import io.relais.log.LogStoreContractTest;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FailingDisk;
import io.relais.log.disk.RealDisk;
import io.relais.log.disk.SimulatedDisk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The local driver keeps the contract with both kinds of logs on both disks. */
class LocalLogStoreTest {

    abstract static class OnADisk extends LogStoreContractTest {
        private @Nullable FailingDisk failing;

        abstract Disk disk();

        abstract LogId log();

        /** Name of the file that has the first entry, and where the entry begins. */
        abstract String firstFile();

        abstract long firstPosition();

        @Override
        protected LogId id() {
            return log();
        }

        @Override
        protected LogStore openStore() {
            FailingDisk opened = new FailingDisk(disk());
            failing = opened;
            return new LocalLogStore(opened, executor, executor, ByteBufAllocator.DEFAULT, new Random(1));
        }

        @Override
        protected void failNextWrite() {
            Objects.requireNonNull(failing).failNextWrite();
        }

        @Override
        protected void damageFirstEntry() {
            try (DiskFile file = disk().open(Path.of(log().toString()).resolve(firstFile()))) {
                file.write(firstPosition() + 70, Unpooled.wrappedBuffer(new byte[]{-1}));
                file.sync();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    abstract static class Journals extends OnADisk {
        @Override
        LogId log() {
            return LogId.journal(0);
        }

        @Override
        String firstFile() {
            return "00000000000000000001.journal";
        }

        @Override
        long firstPosition() {
            return 1024;
        }
    }

    abstract static class Segments extends OnADisk {
        @Override
        LogId log() {
            return new LogId(0, 7);
        }

        @Override
        String firstFile() {
            return "00000000000000000000.log";
        }

        @Override
        long firstPosition() {
            return -8;
        }
    }

    @Nested
    class GivenAJournalOnASimulatedDisk extends Journals {
        final Disk disk = new SimulatedDisk(1);

        @Override
        Disk disk() {
            return disk;
        }
    }

    @Nested
    class GivenAJournalOnARealDisk extends Journals {
        @TempDir
        Path folder;

        @Override
        Disk disk() {
            return new RealDisk(folder);
        }
    }

    @Nested
    class GivenSegmentsOnASimulatedDisk extends Segments {
        final Disk disk = new SimulatedDisk(1);

        @Override
        Disk disk() {
            return disk;
        }
    }

    @Nested
    class GivenSegmentsOnARealDisk extends Segments {
        @TempDir
        Path folder;

        @Override
        Disk disk() {
            return new RealDisk(folder);
        }
    }
}
