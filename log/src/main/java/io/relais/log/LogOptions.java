// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

/**
 * How a log is kept. Durability is a property of the log, not of an append.
 *
 * @param segmentBytes size at which a new file is begun
 * @param durable      whether an append completes only after the disk has it, or after the page cache has it
 */
public record LogOptions(long segmentBytes, boolean durable) {

    public static LogOptions durable(long segmentBytes) {
        return new LogOptions(segmentBytes, true);
    }

    public static LogOptions cached(long segmentBytes) {
        return new LogOptions(segmentBytes, false);
    }
}
