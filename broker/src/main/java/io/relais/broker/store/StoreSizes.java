// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

/**
 * Sizes that nobody configures, and that tests make small.
 *
 * @param chunkBytes       a block of the tail, and the unit in which it is dropped and read back
 * @param backlogFileBytes a file of a backlog
 * @param windowsBytes     memory in which backlogs are read, all together
 * @param journaledMax     live bytes in the journal above which queues get backlogs sooner
 */
public record StoreSizes(int chunkBytes, long backlogFileBytes, long windowsBytes, long journaledMax) {
    public static final StoreSizes DEFAULT = new StoreSizes(256 << 10, 16L << 20, 16L << 20, 128L << 20);
}
