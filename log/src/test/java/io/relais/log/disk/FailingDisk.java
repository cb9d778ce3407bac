// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;

/** Fails on demand, whatever disk is below. */
public final class FailingDisk extends DelegatingDisk {
    private boolean failing;

    public FailingDisk(Disk disk) {
        super(disk);
    }

    public void failNextWrite() {
        failing = true;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new DelegatingFile(super.open(path)) {
            @Override
            public void write(long position, ByteBuf bytes) throws IOException {
                if (failing) {
                    failing = false;
                    throw new IOException(path + ": Input/output error");
                }
                super.write(position, bytes);
            }
        };
    }
}
