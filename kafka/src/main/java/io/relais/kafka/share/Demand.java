// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/**
 * What a member asks for.
 *
 * @param recordsMax how many records, of all partitions together
 * @param batchSize  from how many records on a batch of acquired records ends, where the log's batch does
 * @param strict     whether {@code recordsMax} cuts batches of the log (KIP-1206, {@code record_limit}); else the last batch is handed out whole
 */
record Demand(String memberId, int recordsMax, int batchSize, boolean strict) {

    Demand less(long acquired) {
        return new Demand(memberId, (int) Math.max(0, recordsMax - acquired), batchSize, strict);
    }
}
