// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The content of one simulated file: what a reader sees now, and what each sector held when it was last durable.
 *
 * <p>Thread: guarded by its {@link SimulatedDisk}. Memory: the bytes ever written, in pieces; zeros beyond cost nothing.
 */
final class SimulatedImage {
    static final int SECTOR_BYTES = 512;
    private static final int PIECE_BYTES = 16 << 10;

    /** A sector that was written and not synced: what it held before. {@code lost}: a failed sync gave it up, and later syncs do not touch it. */
    private record Unsynced(byte[] before, boolean lost) {}

    private final List<byte @Nullable []> pieces = new ArrayList<>();
    private final Map<Long, Unsynced> unsynced = new LinkedHashMap<>();
    private long size;
    private long syncedSize;

    long size() {
        return size;
    }

    void write(long position, ByteBuf bytes, int index, int length) {
        for (long sector = position / SECTOR_BYTES; sector * SECTOR_BYTES < position + length; sector++) {
            Unsynced known = unsynced.remove(sector);
            unsynced.put(sector, new Unsynced(known != null ? known.before() : sector(sector), false));
        }
        for (int done = 0; done < length;) {
            int at = (int) ((position + done) % PIECE_BYTES);
            int n = Math.min(length - done, PIECE_BYTES - at);
            bytes.getBytes(index + done, piece(position + done), at, n);
            done += n;
        }
        size = Math.max(size, position + length);
    }

    int read(long position, ByteBuf into, int length) {
        int n = Math.clamp(size - position, 0, length);
        for (int done = 0; done < n;) {
            int at = (int) ((position + done) % PIECE_BYTES);
            int part = Math.min(n - done, PIECE_BYTES - at);
            into.writeBytes(piece(position + done), at, part);
            done += part;
        }
        return n;
    }

    /** Grows by zeros, which need no piece of memory. */
    void grow(long to) {
        size = Math.max(size, to);
    }

    void truncate(long to) {
        if (to >= size) {
            return;
        }
        for (long sector = to / SECTOR_BYTES; sector * SECTOR_BYTES < size; sector++) {
            unsynced.putIfAbsent(sector, new Unsynced(sector(sector), false));
            long from = Math.max(to, sector * SECTOR_BYTES);
            int at = (int) (from % PIECE_BYTES);
            Arrays.fill(piece(from), at, at + SECTOR_BYTES - (int) (from % SECTOR_BYTES), (byte) 0);
        }
        size = to;
    }

    void flip(long position, int bit) {
        piece(position)[(int) (position % PIECE_BYTES)] ^= (byte) (1 << bit);
    }

    void sync() {
        unsynced.values().removeIf(sector -> !sector.lost());
        syncedSize = size;
    }

    /** A sync that fails: some sectors reach the disk; the others are forgotten by the system, which goes on showing them. */
    void failedSync(RandomGenerator random) {
        unsynced.entrySet().removeIf(sector -> !sector.getValue().lost() && random.nextBoolean());
        unsynced.replaceAll((_, sector) -> new Unsynced(sector.before(), true));
    }

    /** What is on the disk after the power went. */
    SimulatedImage afterPowerCut(RandomGenerator random) {
        SimulatedImage after = new SimulatedImage();
        for (byte[] piece : pieces) {
            after.pieces.add(piece == null ? null : piece.clone());
        }
        int left = unsynced.size();
        for (var entry : unsynced.entrySet()) {
            left--;
            Unsynced sector = entry.getValue();
            if (left == 0 && !sector.lost() && random.nextInt(3) == 0) {
                int torn = random.nextInt(SECTOR_BYTES);
                after.restore(entry.getKey(), sector.before(), torn);
            } else if (sector.lost() || random.nextBoolean()) {
                after.restore(entry.getKey(), sector.before(), 0);
            }
        }
        after.size = switch (random.nextInt(3)) {
            case 0 -> syncedSize;
            case 1 -> size;
            default -> Math.min(size, syncedSize)
                    + random.nextLong(Math.abs(size - syncedSize) / SECTOR_BYTES + 1) * SECTOR_BYTES;
        };
        after.clearBeyond(after.size);
        after.syncedSize = after.size;
        return after;
    }

    private void restore(long sector, byte[] before, int keep) {
        int at = (int) (sector * SECTOR_BYTES % PIECE_BYTES);
        System.arraycopy(before, keep, piece(sector * SECTOR_BYTES), at + keep, SECTOR_BYTES - keep);
    }

    private void clearBeyond(long end) {
        for (long at = end; at < (long) pieces.size() * PIECE_BYTES;) {
            int from = (int) (at % PIECE_BYTES);
            byte[] piece = pieces.get((int) (at / PIECE_BYTES));
            if (piece != null) {
                Arrays.fill(piece, from, PIECE_BYTES, (byte) 0);
            }
            at += PIECE_BYTES - from;
        }
    }

    private byte[] sector(long sector) {
        int at = (int) (sector * SECTOR_BYTES % PIECE_BYTES);
        return Arrays.copyOfRange(piece(sector * SECTOR_BYTES), at, at + SECTOR_BYTES);
    }

    private byte[] piece(long position) {
        int index = (int) (position / PIECE_BYTES);
        while (pieces.size() <= index) {
            pieces.add(null);
        }
        byte[] piece = pieces.get(index);
        if (piece == null) {
            piece = new byte[PIECE_BYTES];
            pieces.set(index, piece);
        }
        return piece;
    }
}
