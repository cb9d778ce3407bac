// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Where a request came from, as Kafka's coordinator wants to know it: a copy, since it is asked on other threads. */
record RequestSource(String listenerName, SecurityProtocol securityProtocol, KafkaPrincipal principal,
        InetAddress clientAddress, int requestType, int requestVersion, String clientId,
        int correlationId) implements AuthorizableRequestContext {

    static RequestSource of(Request request, KafkaPrincipal principal) {
        SecurityProtocol protocol = request.connection().isEncrypted()
                ? SecurityProtocol.SSL
                : SecurityProtocol.PLAINTEXT;
        InetSocketAddress remote = request.connection().remoteAddress();
        InetAddress client = remote == null ? InetAddress.getLoopbackAddress() : remote.getAddress(); // it may be gone already
        return new RequestSource(protocol.name, protocol, principal, client, request.key().id, request.version(),
                request.clientId(), request.header().correlationId());
    }
}
