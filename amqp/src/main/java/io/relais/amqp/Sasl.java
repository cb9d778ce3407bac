// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.WireReader;
import org.jspecify.annotations.Nullable;

/** The two SASL mechanisms offered: PLAIN (RFC 4616) and AMQPLAIN, the one of AMQP 0-8 (RabbitMQ: authentication mechanisms). */
final class Sasl {
    /** As connection.start lists them. */
    static final String MECHANISMS = "PLAIN AMQPLAIN";

    private Sasl() {}

    /** What a client proves itself with. */
    record Credentials(String user, byte[] password) {}

    /** The credentials in a client's response; empty where the mechanism is not offered, or the response not in its form. */
    static Optional<Credentials> credentials(String mechanism, byte[] response) {
        return switch (mechanism) {
            case "PLAIN" -> plain(response);
            case "AMQPLAIN" -> amqplain(response);
            default -> Optional.empty();
        };
    }

    /** {@code [authorization id] NUL user NUL password}; the authorization id is not used. */
    private static Optional<Credentials> plain(byte[] response) {
        int first = indexOfNul(response, 0);
        int second = first < 0 ? -1 : indexOfNul(response, first + 1);
        if (second < 0) {
            return Optional.empty();
        }
        String user = new String(response, first + 1, second - first - 1, StandardCharsets.UTF_8);
        return Optional.of(new Credentials(user, Arrays.copyOfRange(response, second + 1, response.length)));
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** The fields LOGIN and PASSWORD of a field table, without the table's length in front. */
    private static Optional<Credentials> amqplain(byte[] response) {
        ByteBuf table = Unpooled.buffer(response.length + 4).writeInt(response.length).writeBytes(response);
        try {
            Map<String, @Nullable Object> fields = new WireReader().reset(table, 0, table.readableBytes()).table();
            return fields.get("LOGIN") instanceof String user && fields.get("PASSWORD") instanceof String password
                    ? Optional.of(new Credentials(user, password.getBytes(StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (AmqpException e) {
            return Optional.empty();
        }
    }
}
