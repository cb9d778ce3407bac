// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

/**
 * How long a client has to be quiet after a request (KIP-13, KIP-219): the answer goes at once and says so, then its connection is not read for so long. Thread: the owner.
 */
@FunctionalInterface
public interface Quotas {

    /** No limits. */
    Quotas NONE = (request, bytes) -> 0;

    /**
     * Counts a request that is being answered.
     *
     * @param bytes what counts: of a produce request its own, of others those of the answer's records; 0 where there are none
     * @return milliseconds; 0 for none
     */
    int throttleMs(Request request, long bytes);
}
