// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.relais.broker.queue.Consumer;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.QueueHost;
import io.relais.broker.queue.QueueSettings;
import io.relais.broker.queue.Route;
import io.relais.broker.runtime.Owner;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.store.DurabilityListener;
import io.relais.broker.store.Shard;
import io.relais.broker.store.StoreSizes;
import org.jspecify.annotations.Nullable;

/**
 * A broker of one virtual host in memory: real queues, the default exchange, and {@code amq.fanout} to all queues. Commands are answered at once, or, where a test says so,
 * in a later task, as by a broker that waits for its metadata.
 */
public final class MemoryBroker implements Broker, QueueHost {
    /** Bodies above it are refused. */
    public static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final Simulation simulation;
    private final PropertiesCodec codec;
    private final BrokerOptions options;
    private final Shard shard;
    private final Map<String, MessageQueue> queues = new LinkedHashMap<>();
    private final Map<String, Session.ReplyTarget> replyTargets = new LinkedHashMap<>();
    private final List<BlockListener> blockListeners = new ArrayList<>();
    private final List<Runnable> whenRelieved = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private @Nullable String blockedReason;
    private boolean saturated;
    private boolean answersLater;
    private long nextLog = 1;

    public MemoryBroker(Simulation simulation, PropertiesCodec codec) {
        this.simulation = simulation;
        this.codec = codec;
        this.options = new BrokerOptions(MAX_MESSAGE_BYTES, 64 << 20, 8 << 20, 32 << 20, 1 << 20, 5, 0);
        var opening = Shard
                .open(0, 1, new MemoryLogStore(simulation.disk()), simulation, options, StoreSizes.DEFAULT, Set.of())
                .toCompletableFuture();
        simulation.settle();
        this.shard = opening.join();
    }

    // ---- what tests do to it

    /** From now on commands are answered in a later task. */
    public void answerLater() {
        answersLater = true;
    }

    public void block(@Nullable String reason) {
        blockedReason = reason;
        List.copyOf(blockListeners).forEach(listener -> listener.blocked(reason));
    }

    public void saturate() {
        saturated = true;
    }

    public void relieve() {
        saturated = false;
        List<Runnable> waiting = List.copyOf(whenRelieved);
        whenRelieved.clear();
        waiting.forEach(Runnable::run);
    }

    public MessageQueue queue(String name) {
        MessageQueue queue = queues.get(name);
        if (queue == null) {
            throw new AssertionError("no queue " + name);
        }
        return queue;
    }

    /** Declares a queue with settings that no argument gives here. */
    public MessageQueue declare(String name, QueueSettings settings) {
        return queues.computeIfAbsent(name, n -> new MessageQueue(this, "/", n, nextLog++, true, false, settings));
    }

    /** The queue goes away behind its consumers' backs. */
    public void delete(String name) {
        queue(name).delete();
        queues.remove(name);
    }

    /** What sessions were asked for, besides publishing, in order. */
    public List<String> calls() {
        return calls;
    }

    // ---- Broker

    @Override
    public void login(String user, byte[] password, boolean loopback, Reply<Identity> reply) {
        boolean right = user.equals("guest") && new String(password, StandardCharsets.UTF_8).equals("guest");
        answer(reply, right ? new Identity(user) : null, new Refusal.AccessRefused("user '" + user + "'"));
    }

    @Override
    public void open(Identity identity, String vhost, ConnectionInfo connection, Reply<Session> reply) {
        answer(reply, vhost.equals("/") ? new MemorySession(identity.user()) : null,
                new Refusal.NotAllowed("vhost " + vhost + " not found"));
    }

    @Override
    public void whenDurable(long ticket, DurabilityListener listener) {
        shard.whenDurable(ticket, listener);
    }

    @Override
    public boolean saturated() {
        return saturated;
    }

    @Override
    public void whenRelieved(Runnable action) {
        whenRelieved.add(action);
    }

    @Override
    public @Nullable String blockedReason() {
        return blockedReason;
    }

    @Override
    public void onBlocked(BlockListener listener) {
        blockListeners.add(listener);
    }

    @Override
    public void removeBlockListener(BlockListener listener) {
        blockListeners.remove(listener);
    }

    @Override
    public BrokerOptions options() {
        return options;
    }

    // ---- QueueHost

    @Override
    public Owner owner() {
        return simulation;
    }

    @Override
    public Shard shard() {
        return shard;
    }

    @Override
    public PropertiesCodec codec() {
        return codec;
    }

    @Override
    public void deadLetter(MessageQueue source, Message message) {
        calls.add("dead-lettered from " + source.name());
    }

    @Override
    public void unused(MessageQueue queue) {
        queue.delete();
        queues.remove(queue.name());
    }

    private <T> void answer(Reply<? super T> reply, @Nullable T value, Refusal otherwise) {
        Runnable answer = () -> {
            if (value == null) {
                reply.refused(otherwise);
            } else {
                reply.done(value);
            }
        };
        if (answersLater) {
            simulation.execute(answer);
        } else {
            answer.run();
        }
    }

    private static Refusal noQueue(String name) {
        return new Refusal.NotFound("no queue '" + name + "' in vhost '/'");
    }

    /** A message that goes from its publisher to a direct reply's consumer. */
    private record DirectDelivery(Message message) implements Delivery {
        @Override
        public long offset() {
            return 0;
        }

        @Override
        public boolean redelivered() {
            return false;
        }

        @Override
        public int deliveryCount() {
            return 0;
        }

        @Override
        public int exchangeLength() {
            return message.exchangeBytes().length;
        }

        @Override
        public void writeExchange(ByteBuf out) {
            out.writeBytes(message.exchangeBytes());
        }

        @Override
        public int routingKeyLength() {
            return message.routingKeyBytes().length;
        }

        @Override
        public void writeRoutingKey(ByteBuf out) {
            out.writeBytes(message.routingKeyBytes());
        }

        @Override
        public int propertiesLength() {
            return message.properties().readableBytes();
        }

        @Override
        public void writeProperties(ByteBuf out) {
            out.writeBytes(message.properties().duplicate());
        }

        @Override
        public int bodyLength() {
            return message.body().readableBytes();
        }

        @Override
        public void writeBody(ByteBuf out, int from, int length) {
            out.writeBytes(message.body(), message.body().readerIndex() + from, length);
        }
    }

    private final class MemorySession implements Session {
        private final String user;
        private final PublishOutcome outcome = new PublishOutcome();

        MemorySession(String user) {
            this.user = user;
        }

        @Override
        public String vhost() {
            return "/";
        }

        @Override
        public String user() {
            return user;
        }

        private void simply(String call, Reply<@Nullable Void> reply) {
            calls.add(call);
            if (answersLater) {
                simulation.execute(() -> reply.done(null));
            } else {
                reply.done(null);
            }
        }

        @Override
        public void declareExchange(ExchangeDeclaration declaration, Reply<@Nullable Void> reply) {
            simply("declare exchange " + declaration.name(), reply);
        }

        @Override
        public void checkExchange(String name, Reply<@Nullable Void> reply) {
            simply("check exchange " + name, reply);
        }

        @Override
        public void deleteExchange(String name, boolean ifUnused, Reply<@Nullable Void> reply) {
            simply("delete exchange " + name, reply);
        }

        @Override
        public void bindExchange(String destination, String source, String routingKey,
                Map<String, @Nullable Object> arguments, Reply<@Nullable Void> reply) {
            simply("bind exchange " + destination + " to " + source + " by " + routingKey, reply);
        }

        @Override
        public void unbindExchange(String destination, String source, String routingKey,
                Map<String, @Nullable Object> arguments, Reply<@Nullable Void> reply) {
            simply("unbind exchange " + destination + " from " + source + " by " + routingKey, reply);
        }

        @Override
        public void declareQueue(QueueDeclaration declaration, Reply<QueueStatus> reply) {
            String name = declaration.name().isEmpty() ? "amq.gen-" + nextLog : declaration.name();
            calls.add("declare queue " + name);
            MessageQueue queue = queues.computeIfAbsent(name,
                    n -> new MessageQueue(MemoryBroker.this, "/", n, nextLog++,
                            declaration.durable(), declaration.autoDelete(), QueueSettings.NONE));
            answer(reply, status(queue), noQueue(name));
        }

        private static QueueStatus status(MessageQueue queue) {
            return new QueueStatus(queue.name(), queue.messageCount(), queue.consumerCount());
        }

        @Override
        public void checkQueue(String name, Reply<QueueStatus> reply) {
            MessageQueue queue = queues.get(name);
            answer(reply, queue == null ? null : status(queue), noQueue(name));
        }

        @Override
        public void deleteQueue(String name, boolean ifUnused, boolean ifEmpty, Reply<Long> reply) {
            MessageQueue queue = queues.remove(name);
            answer(reply, queue == null ? 0L : queue.delete(), noQueue(name));
        }

        @Override
        public void purgeQueue(String name, Reply<Long> reply) {
            MessageQueue queue = queues.get(name);
            answer(reply, queue == null ? null : queue.purge(), noQueue(name));
        }

        @Override
        public void bindQueue(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments,
                Reply<@Nullable Void> reply) {
            simply("bind " + queue + " to " + exchange + " by " + routingKey, reply);
        }

        @Override
        public void unbindQueue(String queue, String exchange, String routingKey,
                Map<String, @Nullable Object> arguments,
                Reply<@Nullable Void> reply) {
            simply("unbind " + queue + " from " + exchange + " by " + routingKey, reply);
        }

        @Override
        public PublishOutcome publish(Message message) {
            Session.ReplyTarget target = replyTargets.get(message.routingKey());
            if (target != null) {
                return outcome.set(target.deliver(new DirectDelivery(message))
                        ? PublishOutcome.Kind.ROUTED
                        : PublishOutcome.Kind.UNROUTABLE, 0);
            }
            return switch (message.exchange()) {
                case "" -> publish(message, queues.containsKey(message.routingKey())
                        ? List.of(queue(message.routingKey()))
                        : List.of());
                case "amq.fanout" -> publish(message, List.copyOf(queues.values()));
                default -> outcome
                        .refuse(new Refusal.NotFound("no exchange '" + message.exchange() + "' in vhost '/'"));
            };
        }

        private PublishOutcome publish(Message message, List<MessageQueue> to) {
            if (to.isEmpty()) {
                return outcome.set(PublishOutcome.Kind.UNROUTABLE, 0);
            }
            long ticket = new Route(to).publish(shard, message);
            return ticket == Route.REJECTED
                    ? outcome.set(PublishOutcome.Kind.REJECTED, 0)
                    : outcome.set(PublishOutcome.Kind.ROUTED, ticket);
        }

        @Override
        public void consume(ConsumeRequest request, DeliveryTarget target, Reply<Consumer> reply) {
            MessageQueue queue = queues.get(request.queue());
            if (queue == null) {
                reply.refused(noQueue(request.queue()));
            } else if (answersLater) {
                simulation.execute(() -> queue.subscribe(request.consumerTag(), target, request.noAck(),
                        request.exclusive(), reply));
            } else {
                queue.subscribe(request.consumerTag(), target, request.noAck(), request.exclusive(), reply);
            }
        }

        @Override
        public void get(String name, boolean noAck, Reply<@Nullable Got> reply) {
            MessageQueue queue = queues.get(name);
            if (queue == null) {
                reply.refused(noQueue(name));
                return;
            }
            queue.get(noAck, new Reply<@Nullable Delivery>() {
                @Override
                public void done(@Nullable Delivery delivery) {
                    reply.done(delivery == null ? null : new Got(queue, delivery, queue.messageCount()));
                }

                @Override
                public void refused(Refusal refusal) {
                    reply.refused(refusal);
                }
            });
        }

        @Override
        public String openReplyTo(ReplyTarget target) {
            String name = "amq.rabbitmq.reply-to.g2dk" + replyTargets.size();
            replyTargets.put(name, target);
            return name;
        }

        @Override
        public void closeReplyTo(String name) {
            replyTargets.remove(name);
        }

        @Override
        public void updateSecret(byte[] secret, Reply<@Nullable Void> reply) {
            simply("update secret", reply);
        }

        @Override
        public void close() {
            calls.add("session closed");
        }
    }
}
