// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for brokers that have to be told one. */
final class FreePort {
    private FreePort() {}

    /** A port of the loopback interface that nobody listens on now. */
    static int next() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
