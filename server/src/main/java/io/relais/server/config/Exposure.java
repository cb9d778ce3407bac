// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

import io.relais.server.listen.Listen;

/** Secure by default: other machines reach a listener only where somebody said so. */
final class Exposure {
    private Exposure() {}

    static void check(Key<Listen> key, Listen listen, boolean insecure) {
        if (!insecure && listen instanceof Listen.At at && exposed(at.host())) {
            throw new ConfigurationException(key.name() + ": " + at
                    + " is reachable from other machines, and this version has no TLS yet: passwords and messages would travel unencrypted. "
                    + "Listen on 127.0.0.1, or say --insecure if the network is trusted");
        }
    }

    /** A name that does not resolve exposes nothing: binding to it fails, with its own text. */
    static boolean exposed(String host) {
        try {
            return !InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
