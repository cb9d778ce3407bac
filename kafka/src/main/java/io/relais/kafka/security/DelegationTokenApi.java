// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Delegation tokens (KIP-48), which this broker does not issue: answers as Kafka does where no secret key for them is configured. */
public final class DelegationTokenApi {
    private final Clients clients;

    public DelegationTokenApi(Clients clients) {
        this.clients = clients;
    }

    /** Create, renew, expire, describe: all the same. */
    public void handle(Request request) {
        Client client = clients.of(request.connection());
        SecurityProtocol protocol = client.securityProtocol();
        boolean known = protocol != SecurityProtocol.PLAINTEXT
                && !(protocol == SecurityProtocol.SSL && client.principal().equals(KafkaPrincipal.ANONYMOUS));
        request.fail(known ? Errors.DELEGATION_TOKEN_AUTH_DISABLED : Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
    }
}
