// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/**
 * The broker's limits.
 *
 * @param maxMessageBytes      largest body taken
 * @param tailMemoryBytes      message bytes kept in memory; beyond it they are read back from disk
 * @param inFlightBytes        bytes on their way to the disk at which publishing connections are not read any more
 * @param journalFileBytes     size of a file of the journal
 * @param backlogThresholdBytes live bytes in the journal from which a queue gets a log of its own
 * @param ackDelayMs           how long acknowledgements wait for company on their way to the journal
 * @param diskFreeLimitBytes   free space below which publishers are blocked
 */
public record BrokerOptions(long maxMessageBytes, long tailMemoryBytes, long inFlightBytes, long journalFileBytes,
        long backlogThresholdBytes, int ackDelayMs,
        long diskFreeLimitBytes) {
    public static final BrokerOptions DEFAULT = new BrokerOptions(128L << 20, 64L << 20, 8L << 20, 32L << 20, 1L << 20,
            5, 256L << 20);
}
