// SPDX-License-Identifier: Apache-2.0
package io.relais.server.listen;

/** Where a front end listens, as configured: nowhere, or at a host and port. */
public sealed interface Listen {

    /** The word that leaves a front end out. */
    String OFF_WORD = "off";

    /** The front end is left out. */
    record Off() implements Listen {
        @Override
        public String toString() {
            return OFF_WORD;
        }
    }

    /**
     * A place to listen at.
     *
     * @param host name or address; an IPv6 address without brackets
     * @param port 0 lets the system choose; may be out of range, which {@link Ports} refuses with a sentence
     */
    record At(String host, int port) implements Listen {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    Listen OFF = new Off();

    static Listen at(String host, int port) {
        return new At(host, port);
    }

    /**
     * Reads {@code HOST:PORT}, {@code [IPV6]:PORT}, {@code HOST:off} or {@code off}.
     *
     * @throws IllegalArgumentException where the text is none of these
     */
    static Listen parse(String text) {
        if (text.equals(OFF_WORD)) {
            return OFF;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
            throw new IllegalArgumentException("not an address to listen on: " + text);
        }
        String port = text.substring(colon + 1);
        if (port.equals(OFF_WORD)) {
            return OFF;
        }
        if (port.isEmpty() || port.length() > 9 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        return new At(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }
}
