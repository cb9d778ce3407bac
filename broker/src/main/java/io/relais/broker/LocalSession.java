// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.broker.queue.Consumer;
import io.relais.broker.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * A connection inside a virtual host. Each command is checked and carried out by a class of its own; here its changes are sent to the metadata, and its reply waits for them.
 *
 * <p>Thread: the owner.
 */
final class LocalSession implements Session {
    private final long number;
    private final String user;
    private final ConnectionInfo connection;
    private final VirtualHost vhost;
    private final LocalBroker broker;
    private final MetadataWriter metadata;
    private final ExchangeCommands exchanges;
    private final QueueCommands queues;
    private final BindingCommands bindings;
    private final Publisher publisher;
    private final Set<QueueEntry> exclusiveQueues = new LinkedHashSet<>();
    private final Set<String> replyNames = new LinkedHashSet<>();
    private java.util.function.@Nullable Consumer<String> onCloseRequested;
    private @Nullable String closeReason;
    private boolean closed;

    LocalSession(long number, String user, ConnectionInfo connection, VirtualHost vhost, LocalBroker broker) {
        this.number = number;
        this.user = user;
        this.connection = connection;
        this.vhost = vhost;
        this.broker = broker;
        this.metadata = vhost.context().metadata();
        SessionAccess access = new SessionAccess(vhost.context().access(), user, vhost);
        this.exchanges = new ExchangeCommands(vhost, access);
        this.queues = new QueueCommands(vhost, access, this);
        this.bindings = new BindingCommands(vhost, access, queues);
        this.publisher = new Publisher(vhost, access);
    }

    /** A command that may change the topology. */
    private interface Command<T extends @Nullable Object> {
        T run(Changes changes) throws RefusedException;
    }

    /** A command without an answer. */
    private interface Action {
        void run(Changes changes) throws RefusedException;
    }

    private <T extends @Nullable Object> void run(Reply<T> reply, Command<T> command) {
        T value;
        Changes changes = new Changes();
        try {
            value = command.run(changes);
        } catch (RefusedException e) {
            reply.refused(e.refusal());
            return;
        }
        metadata.submit(changes.list());
        metadata.answer(reply, value);
    }

    private void act(Reply<@Nullable Void> reply, Action action) {
        this.<@Nullable Void>run(reply, changes -> {
            action.run(changes);
            return null;
        });
    }

    @Override
    public String vhost() {
        return vhost.name();
    }

    @Override
    public String user() {
        return user;
    }

    long number() {
        return number;
    }

    ConnectionInfo connection() {
        return connection;
    }

    @Override
    public void declareExchange(ExchangeDeclaration declaration, Reply<@Nullable Void> reply) {
        act(reply, changes -> exchanges.declare(declaration, changes));
    }

    @Override
    public void checkExchange(String name, Reply<@Nullable Void> reply) {
        act(reply, changes -> exchanges.check(name));
    }

    @Override
    public void deleteExchange(String name, boolean ifUnused, Reply<@Nullable Void> reply) {
        act(reply, changes -> exchanges.delete(name, ifUnused, changes));
    }

    @Override
    public void bindExchange(String destination, String source, String routingKey,
            Map<String, @Nullable Object> arguments, Reply<@Nullable Void> reply) {
        BindingCommands.Request request = request(false, destination, source, routingKey, arguments);
        act(reply, changes -> bindings.bind(request, changes));
    }

    @Override
    public void unbindExchange(String destination, String source, String routingKey,
            Map<String, @Nullable Object> arguments, Reply<@Nullable Void> reply) {
        BindingCommands.Request request = request(false, destination, source, routingKey, arguments);
        act(reply, changes -> bindings.unbind(request, changes));
    }

    @Override
    public void declareQueue(QueueDeclaration declaration, Reply<QueueStatus> reply) {
        run(reply, changes -> queues.declare(declaration, changes));
    }

    @Override
    public void checkQueue(String name, Reply<QueueStatus> reply) {
        run(reply, changes -> queues.check(name));
    }

    @Override
    public void deleteQueue(String name, boolean ifUnused, boolean ifEmpty, Reply<Long> reply) {
        run(reply, changes -> queues.delete(name, ifUnused, ifEmpty, changes));
    }

    @Override
    public void purgeQueue(String name, Reply<Long> reply) {
        run(reply, changes -> queues.purge(name));
    }

    @Override
    public void bindQueue(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply) {
        BindingCommands.Request request = request(true, queue, exchange, routingKey, arguments);
        act(reply, changes -> bindings.bind(request, changes));
    }

    @Override
    public void unbindQueue(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments,
            Reply<@Nullable Void> reply) {
        BindingCommands.Request request = request(true, queue, exchange, routingKey, arguments);
        act(reply, changes -> bindings.unbind(request, changes));
    }

    private static BindingCommands.Request request(boolean toQueue, String destination, String source,
            String routingKey, Map<String, @Nullable Object> arguments) {
        return new BindingCommands.Request(toQueue, destination, source, routingKey, Arguments.of(arguments));
    }

    @Override
    public PublishOutcome publish(Message message) {
        return publisher.publish(message);
    }

    @Override
    public void consume(ConsumeRequest request, DeliveryTarget target, Reply<Consumer> reply) {
        MessageQueue queue;
        try {
            queue = queues.readable(request.queue());
            queues.checkConsumer(request.queue(), Arguments.of(request.arguments()));
        } catch (RefusedException e) {
            reply.refused(e.refusal());
            return;
        }
        queue.subscribe(request.consumerTag(), target, request.noAck(), request.exclusive(), reply);
    }

    @Override
    public void get(String queue, boolean noAck, Reply<@Nullable Got> reply) {
        MessageQueue from;
        try {
            from = queues.readable(queue);
        } catch (RefusedException e) {
            reply.refused(e.refusal());
            return;
        }
        from.get(noAck, new Reply<@Nullable Delivery>() {
            @Override
            public void done(@Nullable Delivery delivery) {
                reply.done(delivery == null ? null : new Got(from, delivery, from.messageCount()));
            }

            @Override
            public void refused(Refusal refusal) {
                reply.refused(refusal);
            }
        });
    }

    @Override
    public String openReplyTo(ReplyTarget target) {
        String name = vhost.directReplies().open(target);
        replyNames.add(name);
        return name;
    }

    @Override
    public void closeReplyTo(String name) {
        if (replyNames.remove(name)) {
            vhost.directReplies().close(name);
        }
    }

    @Override
    public void updateSecret(byte[] secret, Reply<@Nullable Void> reply) {
        broker.login(user, secret, connection.loopback(), new Reply<Broker.Identity>() {
            @Override
            public void done(Broker.Identity identity) {
                reply.done(null);
            }

            @Override
            public void refused(Refusal refusal) {
                reply.refused(new Refusal.NotAllowed("the new secret of user '" + user + "' is not accepted"));
            }
        });
    }

    @Override
    public void onCloseRequested(java.util.function.Consumer<String> action) {
        onCloseRequested = action;
        if (closeReason != null) {
            action.accept(closeReason);
        }
    }

    /** Asks the front end to end the connection. */
    void requestClose(String reason) {
        closeReason = reason;
        if (onCloseRequested != null && !closed) {
            onCloseRequested.accept(reason);
        }
    }

    void remember(QueueEntry exclusive) {
        exclusiveQueues.add(exclusive);
    }

    void forget(QueueEntry exclusive) {
        exclusiveQueues.remove(exclusive);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Changes changes = new Changes();
        List.copyOf(exclusiveQueues).forEach(entry -> vhost.delete(entry, changes));
        metadata.submit(changes.list());
        replyNames.forEach(vhost.directReplies()::close);
        replyNames.clear();
        vhost.sessions().remove(this);
    }
}
