// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * The expiration property: milliseconds to live, as decimal digits in a short string. Read in place.
 *
 * <p>Accepts and refuses what RabbitMQ does (RabbitMQ: time-to-live, "Per-Message TTL in Publishers"), with its words.
 */
final class Expiration {
    /** Largest time to live: a hundred years of 365 days, as RabbitMQ. */
    static final long MAX_MS = 100L * 365 * 86_400 * 1000;

    private static final int MAX_DIGITS = 18;

    private Expiration() {}

    /** The expiration among the properties, in milliseconds; -1 where there is none. @throws AmqpException 406 where it is invalid */
    static long of(ByteBuf properties, PropertyList list) {
        return list.has(Property.EXPIRATION)
                ? parse(properties, list.index(Property.EXPIRATION) + 1, list.length(Property.EXPIRATION) - 1)
                : -1;
    }

    /** @throws AmqpException 406 where the text is no number in range */
    static long parse(ByteBuf in, int index, int length) {
        int at = index;
        int end = index + length;
        boolean negative = at < end && in.getByte(at) == '-';
        if (at < end && (negative || in.getByte(at) == '+')) {
            at++;
        }
        int firstDigit = at;
        long value = 0;
        while (at < end && in.getByte(at) >= '0' && in.getByte(at) <= '9') {
            if (at - firstDigit >= MAX_DIGITS) {
                throw invalid(in, index, length, "value_too_large");
            }
            value = value * 10 + in.getByte(at++) - '0';
        }
        if (at == firstDigit) {
            throw invalid(in, index, length, "no_integer");
        }
        if (at < end) {
            throw invalid(in, index, length, "leftover_string");
        }
        if (negative && value > 0) {
            throw invalid(in, index, length, "value_negative");
        }
        if (value > MAX_MS) {
            throw invalid(in, index, length, "value_too_large");
        }
        return value;
    }

    private static AmqpException invalid(ByteBuf in, int index, int length, String why) {
        return new AmqpException(ReplyCode.PRECONDITION_FAILED,
                "invalid expiration '" + in.toString(index, length, StandardCharsets.UTF_8) + "': " + why);
    }
}
