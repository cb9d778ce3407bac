// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.security.Client;
import io.relais.kafka.security.Clients;
import io.relais.kafka.wire.Request;

/**
 * Where a client is told to find the broker, in answers to Metadata, FindCoordinator and DescribeCluster: what is advertised for the listener it came by (KIP-103), or else the very address it
 * connected to, which certainly works. Thread: the owner.
 */
public final class Endpoints {
    private final Clients clients;

    public Endpoints(Clients clients) {
        this.clients = clients;
    }

    /** What the client that sent a request is told. */
    public Advertised of(Request request) {
        if (request.isGone()) {
            return new Advertised("", -1); // nobody reads it any more
        }
        Client client = clients.of(request.connection());
        Advertised advertised = client.listener().advertised();
        return advertised != null
                ? advertised
                : new Advertised(client.localAddress().getAddress().getHostAddress(), client.localAddress().getPort());
    }
}
