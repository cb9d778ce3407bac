// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.relais.broker.Message;
import io.relais.broker.PropertiesCodec;
import io.relais.broker.store.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message that a queue gives up: it goes to the dead-letter exchange with its history in {@code x-death} (RabbitMQ: "Dead Letter Exchanges"), or it is dropped.
 *
 * <p>Thread: the owner.
 */
final class DeadLettering {
    /** Why a queue gives up a message; the texts are those of x-death. */
    enum Reason {
        REJECTED("rejected"), EXPIRED("expired"), MAXLEN("maxlen"), DELIVERY_LIMIT("delivery_limit");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final MessageQueue queue;
    private final QueueHost host;
    private final String exchange;
    private final @Nullable String routingKey;

    DeadLettering(MessageQueue queue, QueueHost host, String exchange, @Nullable String routingKey) {
        this.queue = queue;
        this.host = host;
        this.exchange = exchange;
        this.routingKey = routingKey;
    }

    /** Publishes a message that is in the log to the dead-letter exchange. */
    void publish(RecordView message, Reason reason) {
        publish(message.properties(), message.body(), message.exchange(), message.routingKey(), message.hasHeaders(),
                message.persistent(), reason);
    }

    /** Publishes a message that was refused before it came into the log. */
    void publish(Message message, Reason reason) {
        publish(message.properties(), message.body(), message.exchange(), message.routingKey(), message.hasHeaders(),
                message.persistent(), reason);
    }

    private void publish(ByteBuf properties, ByteBuf body, String from, String key, boolean hasHeaders,
            boolean persistent, Reason reason) {
        PropertiesCodec codec = host.codec();
        Map<String, @Nullable Object> headers = hasHeaders ? codec.headers(properties) : new LinkedHashMap<>();
        List<Object> routingKeys = new ArrayList<>();
        routingKeys.add(key);
        if (headers.get("CC") instanceof List<?> copies) {
            copies.stream().filter(String.class::isInstance).forEach(routingKeys::add);
        }
        if (routingKey != null) {
            headers.remove("CC");
        }
        record(headers, reason, from, routingKeys, codec.expiration(properties));
        ByteBuf rewritten = codec.rewrite(properties, headers, false);
        try {
            host.deadLetter(queue, new Message().to(exchange, routingKey == null ? key : routingKey).content(rewritten,
                    body, persistent, true, -1, 0));
        } finally {
            rewritten.release();
        }
    }

    /** Writes this death into the history: the entry of this queue and reason, with its count, comes first. */
    private void record(Map<String, @Nullable Object> headers, Reason reason, String from, List<Object> routingKeys,
            @Nullable String expiration) {
        List<@Nullable Object> deaths = headers.get("x-death") instanceof List<?> history
                ? new ArrayList<>(history)
                : new ArrayList<>();
        Map<String, @Nullable Object> death = null;
        for (int i = 0; i < deaths.size() && death == null; i++) {
            if (deaths.get(i) instanceof Map<?, ?> earlier && queue.name().equals(earlier.get("queue"))
                    && reason.text.equals(earlier.get("reason"))) {
                death = new LinkedHashMap<>();
                for (Map.Entry<?, ?> field : earlier.entrySet()) {
                    death.put(String.valueOf(field.getKey()), field.getValue());
                }
                death.put("count", (death.get("count") instanceof Number count ? count.longValue() : 0) + 1);
                deaths.remove(i);
            }
        }
        if (death == null) {
            death = new LinkedHashMap<>();
            death.put("count", 1L);
            death.put("reason", reason.text);
            death.put("queue", queue.name());
            death.put("time", Instant.ofEpochSecond(host.owner().clock().nowMs() / 1000));
            death.put("exchange", from);
            death.put("routing-keys", routingKeys);
            if (expiration != null) {
                death.put("original-expiration", expiration);
            }
        }
        deaths.addFirst(death);
        headers.put("x-death", deaths);
        if (!headers.containsKey("x-first-death-reason")) {
            headers.put("x-first-death-reason", reason.text);
            headers.put("x-first-death-queue", queue.name());
            headers.put("x-first-death-exchange", from);
        }
    }
}
