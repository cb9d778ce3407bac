// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.netty.channel.Channel;

/**
 * The other end of a connection.
 *
 * @param name    {@code client -> server}, as RabbitMQ names connections; unique among those that are open
 * @param address the client's
 */
record Peer(String name, String address, boolean loopback) {

    static Peer of(Channel channel) {
        String address = text(channel.remoteAddress());
        return new Peer(address + " -> " + text(channel.localAddress()), address, isLocal(channel.remoteAddress()));
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }

    /** What is no internet address (a Unix domain socket, a pipe inside the process) cannot come from elsewhere. */
    private static boolean isLocal(SocketAddress address) {
        return !(address instanceof InetSocketAddress inet) || inet.getAddress().isLoopbackAddress();
    }
}
