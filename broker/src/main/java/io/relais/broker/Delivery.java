// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.netty.buffer.ByteBuf;

/**
 * A message on its way out: a view of bytes in a log, valid during the call that passes it. The receiver copies what it needs.
 *
 * <p>Thread: the owner.
 */
public interface Delivery {

    /** The offset in the queue's log: what {@code acknowledge}, {@code requeue} and {@code reject} take. */
    long offset();

    /** Whether an attempt to deliver it was made before. */
    boolean redelivered();

    /** How often it was returned to the queue before; kept by quorum queues only, else 0. */
    int deliveryCount();

    /** Length in bytes, 0 to 255. */
    int exchangeLength();

    void writeExchange(ByteBuf out);

    /** Length in bytes, 0 to 255. */
    int routingKeyLength();

    void writeRoutingKey(ByteBuf out);

    int propertiesLength();

    void writeProperties(ByteBuf out);

    int bodyLength();

    /** Appends {@code length} bytes of the body, from its byte {@code from}. */
    void writeBody(ByteBuf out, int from, int length);
}
