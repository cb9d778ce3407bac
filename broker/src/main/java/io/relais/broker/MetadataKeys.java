// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.Exchange;

/**
 * Where things are in the metadata:
 *
 * <pre>
 * /epoch                                        how often the broker was started
 * /users/USER                                   password hash, tags
 * /permissions/VHOST/USER                       configure, write, read
 * /vhosts/VHOST                                 a virtual host
 * /exchanges/VHOST/EXCHANGE                     a durable exchange, other than amq.*
 * /queues/VHOST/QUEUE                           a durable queue, with the number of its log
 * /bindings/VHOST/SOURCE/KIND/DESTINATION/KEY   a durable binding; KIND is queue or exchange; with arguments their hash follows: KEY~HASH
 * </pre>
 *
 * <p>Parts are percent-encoded: letters, digits, {@code -}, {@code _} and {@code .} stay.
 */
final class MetadataKeys {
    static final String EPOCH = "/epoch";
    static final String USERS = "/users/";
    static final String PERMISSIONS = "/permissions/";
    static final String VHOSTS = "/vhosts/";
    static final String EXCHANGES = "/exchanges/";
    static final String QUEUES = "/queues/";
    static final String BINDINGS = "/bindings/";

    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

    private MetadataKeys() {}

    static String user(String name) {
        return USERS + escape(name);
    }

    static String permission(String vhost, String user) {
        return PERMISSIONS + escape(vhost) + "/" + escape(user);
    }

    static String vhost(String name) {
        return VHOSTS + escape(name);
    }

    static String exchange(String vhost, String name) {
        return EXCHANGES + escape(vhost) + "/" + escape(name);
    }

    static String queue(String vhost, String name) {
        return QUEUES + escape(vhost) + "/" + escape(name);
    }

    static String binding(String vhost, Binding binding) {
        String kind = binding.destination() instanceof Exchange ? "exchange" : "queue";
        String arguments = binding.arguments().isEmpty() ? "" : "~" + hash(binding.arguments().json());
        return BINDINGS + escape(vhost) + "/" + escape(binding.source().name()) + "/" + kind + "/"
                + escape(binding.destination().name()) + "/" + escape(binding.routingKey()) + arguments;
    }

    static String escape(String part) {
        StringBuilder escaped = new StringBuilder(part.length() + 8);
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && PLAIN.indexOf(b) >= 0) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
