// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

/**
 * A place where durable bytes were found damaged. Never skipped silently: it is logged, listed by {@link LogStore#damages()}, and raises an alarm.
 *
 * @param log         whose bytes they are
 * @param file        path of the file, relative to the data folder
 * @param position    byte position in the file at which the damage begins
 * @param lengthBytes how much was passed over
 * @param firstOffset first offset of the log that is lost, or -1 where it cannot be told
 * @param lastOffset  last offset of the log that is lost, or -1 where it cannot be told
 * @param what        what is wrong with the bytes, in a few words
 */
public record Damage(LogId log, String file, long position, long lengthBytes, long firstOffset, long lastOffset,
        String what) {

    @Override
    public String toString() {
        return "file %s, position %d, %d bytes: %s; log %s, offsets %s".formatted(file, position, lengthBytes, what,
                log,
                firstOffset < 0 ? "unknown" : firstOffset + ".." + lastOffset);
    }
}
