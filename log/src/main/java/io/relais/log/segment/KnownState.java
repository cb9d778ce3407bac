// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.disk.SmallFile;
import io.relais.log.segment.Manifest.Point;
import io.relais.log.segment.Manifest.Sealed;
import org.jspecify.annotations.Nullable;

/**
 * What the small files of a log say of the large ones.
 *
 * @param lost the manifest is there, and unreadable
 */
record KnownState(@Nullable Manifest manifest, boolean lost, @Nullable Checkpoint checkpoint) {
    private static final long NO_EPOCH = Long.MIN_VALUE;

    static KnownState read(SegmentedLog.Environment environment, LogId id, Path folder) throws IOException {
        var disk = environment.files().disk();
        Checkpoint checkpoint = Checkpoint.read(disk, folder);
        try {
            return new KnownState(Manifest.read(disk, folder), false, checkpoint);
        } catch (SmallFile.Corrupt e) {
            String file = folder.resolve(Manifest.NAME).toString();
            environment.damages()
                    .accept(new Damage(id, file, 0, 0, -1, -1, "the file does not match its checksum"));
            return new KnownState(null, true, checkpoint);
        }
    }

    /** @throws LogException.StaleEpoch where the stored epoch is not lower than a new one */
    void check(LogId id, long epoch) {
        long stored = Math.max(manifest == null ? NO_EPOCH : manifest.epoch(),
                checkpoint == null ? NO_EPOCH : checkpoint.epoch());
        if (epoch <= stored) {
            throw new LogException.StaleEpoch(id, epoch, stored);
        }
    }

    Map<Long, Sealed> sealed() {
        var sealed = new HashMap<Long, Sealed>();
        if (manifest != null) {
            manifest.sealed().forEach(segment -> sealed.put(segment.base(), segment));
        }
        return sealed;
    }

    /** Whether the manifest says that the files of a segment do not count: another one stands in their place, or was to. */
    boolean isReplaced(Segment segment) {
        if (manifest == null) {
            return !lost && segment.generation > 0;
        }
        for (Sealed other : manifest.sealed()) {
            if (other.base() == segment.base && other.generation() == segment.generation) {
                return false;
            }
            if (other.generation() > 0 && other.base() <= segment.base && segment.base < other.end()) {
                return true;
            }
        }
        return segment.generation > 0;
    }

    /** Everything below this offset was durable. */
    long provenEnd() {
        return Math.max(manifest == null ? 0 : manifest.point().offset(),
                checkpoint == null ? 0 : checkpoint.point().offset());
    }

    /** How much of a segment was durable. */
    Point provenIn(Segment segment) {
        Point best = new Point(segment.base, 0, segment.base);
        if (manifest != null && isBetter(manifest.point(), best)) {
            best = manifest.point();
        }
        return checkpoint != null && isBetter(checkpoint.point(), best) ? checkpoint.point() : best;
    }

    private static boolean isBetter(Point point, Point best) {
        return point.base() == best.base() && point.position() > best.position();
    }
}
