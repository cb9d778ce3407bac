// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

import io.netty.buffer.ByteBufAllocator;
import io.relais.log.LogStore;
import io.relais.log.RetainedLogContractTest;
import io.relais.log.disk.Disk;
import io.relais.log.disk.FailingDisk;
import io.relais.log.disk.RealDisk;
import io.relais.log.disk.SimulatedDisk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The local driver keeps the contract of retained logs on both disks. */
class LocalRetainedLogTest {

    abstract static class OnADisk extends RetainedLogContractTest {
        private @Nullable FailingDisk failing;

        abstract Disk disk();

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
    }

    @Nested
    class GivenASimulatedDisk extends OnADisk {
        final Disk disk = new SimulatedDisk(1);

        @Override
        Disk disk() {
            return disk;
        }
    }

    @Nested
    class GivenARealDisk extends OnADisk {
        @TempDir
        Path folder;

        @Override
        Disk disk() {
            return new RealDisk(folder);
        }
    }
}
