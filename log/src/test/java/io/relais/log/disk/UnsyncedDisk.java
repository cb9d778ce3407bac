// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.Path;

/** The deliberately broken disk: its sync does nothing. A checker that does not catch it checks nothing. */
public final class UnsyncedDisk extends DelegatingDisk {

    public UnsyncedDisk(Disk disk) {
        super(disk);
    }

    @Override
    public boolean syncAll() {
        return true;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new DelegatingFile(super.open(path)) {
            @Override
            public void sync() {
                // nothing
            }
        };
    }
}
