// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/**
 * A queue as it stands.
 *
 * @param messageCount messages ready to be delivered
 */
public record QueueStatus(String name, long messageCount, int consumerCount) {}
