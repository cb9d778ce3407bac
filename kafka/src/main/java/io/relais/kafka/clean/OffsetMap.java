// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, by a hash of the key: 128 bits of SHA-256, so that nobody can make up two keys that are taken for one.
 *
 * <pre>
 *  one slot, 24 bytes:  hash, upper half i64 | hash, lower half i64 | offset + 1 i64; 0: the slot is free
 * </pre>
 *
 * <p>Thread: one at a time. Memory: what it was made for, and no more: it says when it is full.
 */
final class OffsetMap {
    /** Memory of one key. */
    static final int SLOT_BYTES = 3 * Long.BYTES;

    /** Share of the slots that are filled at most: beyond, a search takes long. */
    private static final double LOAD_MAX = 0.9;
    private static final int SLOTS_MIN = 16;

    private final long[] slots;
    private final int capacity;
    private final MessageDigest digest;
    private int size;
    private long high; // of the key that was hashed last
    private long low;

    /**
     * Makes room.
     *
     * @param bytes memory it may take
     * @param keys  how many there can be at most
     */
    OffsetMap(int bytes, long keys) {
        long wanted = (long) Math.ceil(keys / LOAD_MAX) + 1;
        int count = (int) Math.max(SLOTS_MIN, Math.min(bytes / SLOT_BYTES, wanted));
        this.slots = new long[count * 3];
        this.capacity = (int) (count * LOAD_MAX);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int size() {
        return size;
    }

    /** Notes where a key occurs; a later offset replaces an earlier one. Returns whether there was room. */
    boolean put(ByteBuffer key, long offset) {
        int slot = slot(hash(key));
        if (slots[slot + 2] == 0) {
            if (size >= capacity) {
                return false;
            }
            size++;
            slots[slot] = high;
            slots[slot + 1] = low;
        }
        slots[slot + 2] = Math.max(slots[slot + 2], offset + 1);
        return true;
    }

    /** The last offset of a key; -1 where it did not occur. */
    long get(ByteBuffer key) {
        return slots[slot(hash(key)) + 2] - 1;
    }

    private byte[] hash(ByteBuffer key) {
        digest.update(key.duplicate());
        byte[] hash = digest.digest();
        ByteBuffer view = ByteBuffer.wrap(hash);
        high = view.getLong();
        low = view.getLong();
        return hash;
    }

    /** Where a key is, or would be: its place is given by the hash, or the next free one behind. */
    private int slot(byte[] hash) {
        int count = slots.length / 3;
        int at = (int) Math.floorMod(ByteBuffer.wrap(hash).getLong(16), (long) count);
        while (slots[at * 3 + 2] != 0 && (slots[at * 3] != high || slots[at * 3 + 1] != low)) {
            at = at + 1 == count ? 0 : at + 1;
        }
        return at * 3;
    }
}
