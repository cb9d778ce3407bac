// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import io.relais.broker.queue.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client connection inside a virtual host: its commands, with permissions checked, and its exclusive queues. All commands are for the owner thread.
 *
 * <p>Names and semantics are those of AMQP 0-9-1 with RabbitMQ's extensions; the replies' refusals say which exception a front end raises.
 */
public interface Session {

    /** Name of the virtual host. */
    String vhost();

    String user();

    void declareExchange(ExchangeDeclaration declaration, Reply<@Nullable Void> reply);

    /** Passive declare. */
    void checkExchange(String name, Reply<@Nullable Void> reply);

    void deleteExchange(String name, boolean ifUnused, Reply<@Nullable Void> reply);

    void bindExchange(String destination, String source, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply);

    void unbindExchange(String destination, String source, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply);

    void declareQueue(QueueDeclaration declaration, Reply<QueueStatus> reply);

    /** Passive declare. */
    void checkQueue(String name, Reply<QueueStatus> reply);

    /** Deletes a queue; the reply says how many ready messages went with it. */
    void deleteQueue(String name, boolean ifUnused, boolean ifEmpty, Reply<Long> reply);

    void purgeQueue(String name, Reply<Long> reply);

    void bindQueue(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply);

    void unbindQueue(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply);

    /** Routes and appends. The outcome is valid until the next publish of this session. */
    PublishOutcome publish(Message message);

    void consume(ConsumeRequest request, DeliveryTarget target, Reply<Consumer> reply);

    /** One message, with the queue it came from for its acknowledgement, and how many ready messages are left there. */
    record Got(io.relais.broker.queue.MessageQueue queue, Delivery delivery, long remaining) {}

    /** basic.get: null where the queue is empty. The delivery is valid during the call. */
    void get(String queue, boolean noAck, Reply<@Nullable Got> reply);

    /**
     * Registers a target for direct replies (RabbitMQ: amq.rabbitmq.reply-to). Messages published to the default exchange
     * with the returned name as routing key go to it and are stored nowhere.
     *
     * @return the name that replaces the pseudo-queue in a request's reply-to; it cannot be guessed
     */
    String openReplyTo(ReplyTarget target);

    /** Takes direct replies. Thread: the owner. */
    interface ReplyTarget {
        /** Takes one reply, valid during the call. Returns false where it cannot: the reply is then dropped as unroutable. */
        boolean deliver(Delivery delivery);
    }

    void closeReplyTo(String name);

    /** Changes the password by which the session was opened (update-secret). */
    void updateSecret(byte[] secret, Reply<@Nullable Void> reply);

    /** Sets what runs when the broker wants the connection to end, with the reason: an administrator closes it, its user or virtual host is deleted. The front end then closes it and calls {@link #close}. */
    void onCloseRequested(java.util.function.Consumer<String> action);

    /** Ends the session: its exclusive queues are deleted. Channels have released their messages and cancelled their consumers before. */
    void close();
}
