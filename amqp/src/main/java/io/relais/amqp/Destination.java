// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.nio.charset.StandardCharsets;

import io.relais.amqp.codec.WireReader;

/** Where a publish goes, as text and as the bytes on the wire. Kept from publish to publish, since most go where the last one went. */
record Destination(String exchange, byte[] exchangeBytes, String routingKey, byte[] routingKeyBytes) {

    /** Reads both names; gives {@code last} again where they are the same, without making strings. */
    static Destination read(WireReader in, Destination last) {
        boolean sameExchange = in.skipShortString(last.exchangeBytes);
        String exchange = sameExchange ? last.exchange : in.shortString();
        if (sameExchange && in.skipShortString(last.routingKeyBytes)) {
            return last;
        }
        String routingKey = in.shortString();
        return new Destination(exchange, sameExchange ? last.exchangeBytes : bytes(exchange), routingKey,
                bytes(routingKey));
    }

    static final Destination NONE = new Destination("", new byte[0], "", new byte[0]);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
