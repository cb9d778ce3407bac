// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.PublishOutcome.Kind;
import io.relais.broker.queue.Consumer;
import org.jspecify.annotations.Nullable;

/** A session that speaks as tests do: a command is done, with its answer from the disk, when its method returns; one that is refused fails the test. */
final class TestClient {
    private final SimulatedBroker broker;
    private final Session session;

    TestClient(SimulatedBroker broker, @Nullable Session session) {
        this.broker = broker;
        this.session = Objects.requireNonNull(session);
    }

    Session session() {
        return session;
    }

    /** Runs a command to its end. */
    <T extends @Nullable Object> Answer<T> run(java.util.function.BiConsumer<Session, Answer<T>> command) {
        Answer<T> answer = new Answer<>();
        command.accept(session, answer);
        broker.settle();
        return answer;
    }

    // ---- declarations

    static QueueDeclaration queue(String name) {
        return queue(name, Map.of());
    }

    static QueueDeclaration queue(String name, Map<String, @Nullable Object> arguments) {
        return new QueueDeclaration(name, false, false, false, arguments);
    }

    static QueueDeclaration durableQueue(String name, Map<String, @Nullable Object> arguments) {
        return new QueueDeclaration(name, true, false, false, arguments);
    }

    static QueueDeclaration exclusiveQueue(String name) {
        return new QueueDeclaration(name, false, true, false, Map.of());
    }

    static ExchangeDeclaration exchange(String name, String type) {
        return new ExchangeDeclaration(name, type, false, false, false, Map.of());
    }

    static ExchangeDeclaration durableExchange(String name, String type) {
        return new ExchangeDeclaration(name, type, true, false, false, Map.of());
    }

    static ExchangeDeclaration autoDeleteExchange(String name, String type) {
        return new ExchangeDeclaration(name, type, false, true, false, Map.of());
    }

    static ExchangeDeclaration withAlternate(String name, String type, String alternate) {
        return new ExchangeDeclaration(name, type, false, false, false, Map.of("alternate-exchange", alternate));
    }

    Answer<QueueStatus> declaring(QueueDeclaration declaration) {
        return run((session, answer) -> session.declareQueue(declaration, answer));
    }

    Answer<@Nullable Void> declaring(ExchangeDeclaration declaration) {
        return run((session, answer) -> session.declareExchange(declaration, answer));
    }

    /** Declares queues. Returns the name of the last. */
    String declare(QueueDeclaration... declarations) {
        String name = "";
        for (QueueDeclaration declaration : declarations) {
            name = Objects.requireNonNull(declaring(declaration).value()).name();
        }
        return name;
    }

    void declare(ExchangeDeclaration... declarations) {
        for (ExchangeDeclaration declaration : declarations) {
            declaring(declaration).value();
        }
    }

    Answer<@Nullable Void> binding(String queue, String exchange, String key, Map<String, @Nullable Object> arguments) {
        return run((session, answer) -> session.bindQueue(queue, exchange, key, arguments, answer));
    }

    void bind(String queue, String exchange, String key) {
        binding(queue, exchange, key, Map.of()).value();
    }

    void unbind(String queue, String exchange, String key) {
        this.<@Nullable Void>run((session, answer) -> session.unbindQueue(queue, exchange, key, Map.of(), answer))
                .value();
    }

    void bindExchange(String destination, String source, String key) {
        this.<@Nullable Void>run(
                (session, answer) -> session.bindExchange(destination, source, key, Map.of(), answer)).value();
    }

    void deleteExchange(String name) {
        this.<@Nullable Void>run((session, answer) -> session.deleteExchange(name, false, answer)).value();
    }

    void deleteQueue(String name) {
        this.<Long>run((session, answer) -> session.deleteQueue(name, false, false, answer)).value();
    }

    boolean exchangeExists(String name) {
        Answer<@Nullable Void> answer = run((session, reply) -> session.checkExchange(name, reply));
        return succeeded(answer);
    }

    boolean queueExists(String name) {
        Answer<QueueStatus> answer = run((session, reply) -> session.checkQueue(name, reply));
        return succeeded(answer);
    }

    private static boolean succeeded(Answer<?> answer) {
        try {
            return !(answer.refusal() instanceof Refusal.NotFound);
        } catch (AssertionError answered) {
            return true;
        }
    }

    // ---- messages

    PublishOutcome publish(String exchange, String key, String body, Map<String, @Nullable Object> headers) {
        PublishOutcome outcome = session.publish(message(exchange, key, body, headers));
        return outcome;
    }

    static Message message(String exchange, String key, String body, Map<String, @Nullable Object> headers) {
        ByteBuf properties = headers.isEmpty() ? Unpooled.EMPTY_BUFFER : TestProperties.of(headers, null);
        return new Message().to(exchange, key).content(properties,
                Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), true, !headers.isEmpty(), -1, 0);
    }

    Kind publish(String exchange, String key, String body) {
        Kind kind = publish(exchange, key, body, Map.of()).kind();
        broker.settle();
        return kind;
    }

    /** Publishes an empty message and tells which queues, all of them empty before, have it. */
    List<String> whoGets(String exchange, String key, List<String> queues) {
        return whoGets(exchange, key, Map.of(), queues);
    }

    List<String> whoGets(String exchange, String key, Map<String, @Nullable Object> headers, List<String> queues) {
        publish(exchange, key, "", headers);
        broker.settle();
        List<String> having = new ArrayList<>();
        for (String queue : queues) {
            while (get(queue) != null) {
                having.add(queue);
            }
        }
        return having;
    }

    /** Takes the first message of a queue; null where there is none. */
    @Nullable
    String get(String queue) {
        return take(queue, delivery -> {
            ByteBuf body = Unpooled.buffer();
            delivery.writeBody(body, 0, delivery.bodyLength());
            return body.toString(StandardCharsets.UTF_8);
        });
    }

    /** Takes the first message of a queue and tells its headers; null where there is none. */
    @Nullable
    Map<String, @Nullable Object> getHeaders(String queue) {
        return take(queue, delivery -> {
            ByteBuf properties = Unpooled.buffer();
            delivery.writeProperties(properties);
            return new TestProperties().headers(properties);
        });
    }

    private <T> @Nullable T take(String queue, Function<Delivery, T> reader) {
        List<T> taken = new ArrayList<>();
        session.get(queue, true, new Reply<Session.@Nullable Got>() {
            @Override
            public void done(Session.@Nullable Got got) {
                if (got != null) {
                    taken.add(reader.apply(got.delivery()));
                }
            }

            @Override
            public void refused(Refusal refusal) {
                throw new AssertionError(refusal.text());
            }
        });
        broker.settle();
        return taken.isEmpty() ? null : taken.getFirst();
    }

    Answer<Consumer> consuming(String queue, boolean exclusive, Map<String, @Nullable Object> arguments) {
        return run((session, answer) -> session.consume(
                new ConsumeRequest(queue, "tag", true, exclusive, arguments), new Drain(), answer));
    }

    Consumer consume(String queue) {
        return Objects.requireNonNull(consuming(queue, false, Map.of()).value());
    }

    /** Takes everything and keeps nothing. */
    private static final class Drain implements DeliveryTarget {
        @Override
        public boolean ready(Consumer consumer) {
            return true;
        }

        @Override
        public void deliver(Consumer consumer, Delivery delivery) {
            // dropped
        }

        @Override
        public void cancelled(Consumer consumer) {
            // nobody to tell
        }
    }

    void close() {
        session.close();
        broker.settle();
    }
}
