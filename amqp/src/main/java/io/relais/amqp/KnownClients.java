// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.HashMap;
import java.util.Map;

/**
 * What clients say of themselves, each text kept once: a thousand connections of one program say the same.
 *
 * <p>Thread: the owner. Memory: at most {@value #KNOWN_MAX} different ones; at that bound all are forgotten, and kept by their connections alone.
 */
final class KnownClients {
    private static final int KNOWN_MAX = 256;

    private final Map<ClientProperties, ClientProperties> known = new HashMap<>();

    /** The equal one that is known already, or this one from now on. */
    ClientProperties shared(ClientProperties client) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        ClientProperties earlier = known.putIfAbsent(client, client);
        return earlier == null ? client : earlier;
    }
}
