// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/**
 * A batch of the log, as far as handing out goes.
 *
 * @param deliverable false where it holds nothing for consumers: a control batch, one that compaction emptied, one of an aborted transaction
 */
record LogSpan(long firstOffset, long lastOffset, boolean deliverable) {}
