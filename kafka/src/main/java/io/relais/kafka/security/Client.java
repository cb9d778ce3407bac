// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.net.InetSocketAddress;

import io.netty.channel.Channel;
import io.relais.kafka.KafkaListener;

/**
 * What is known of the client at the other end of a connection, beside its bytes.
 *
 * <p>Thread: the owner.
 */
public final class Client {
    private final KafkaListener listener;
    private final Channel channel;

    Client(KafkaListener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /** Where it came in. */
    public KafkaListener listener() {
        return listener;
    }

    /** The address of ours that it connected to. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }
}
