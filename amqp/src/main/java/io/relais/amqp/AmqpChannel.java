// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.relais.amqp.ConnectionState.Running;
import io.relais.amqp.codec.AccessMethod;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConfirmMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.ExchangeMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.QueueMethod;
import io.relais.amqp.codec.ReplyCode;
import io.relais.amqp.codec.TxMethod;
import io.relais.amqp.codec.WireReader;
import io.relais.broker.Reply;
import io.relais.broker.Session;
import org.jspecify.annotations.Nullable;

/**
 * One channel (AMQP 0-9-1 4.1): leads its frames to those who know what they mean, and ends it. What it publishes, delivers, and keeps apart is in classes of their own.
 *
 * <p>Thread: the owner. Memory: under 1 KB while nothing is published or unacknowledged.
 */
final class AmqpChannel implements PendingReply.Origin, Confirms.Output {
    private enum State {
        OPEN,
        /** We closed it and wait for channel.close-ok; whatever else comes is not looked at. */
        CLOSING, CLOSED
    }

    private final AmqpConnection connection;
    private final Running running;
    private final int number;
    private final ConsumerRegistry consumers = new ConsumerRegistry();
    private final Deliveries deliveries = new Deliveries(this, consumers);
    private final ExchangeCommands exchangeCommands = new ExchangeCommands(this);
    private final QueueCommands queueCommands = new QueueCommands(this);
    private final ConsumeCommands consumeCommands = new ConsumeCommands(this, consumers, queueCommands);
    private final Publishing publishing;
    private @Nullable PublishAssembler assembler;
    private @Nullable DirectReply directReply;
    private ChannelMode mode = new ChannelMode.Plain();
    private State state = State.OPEN;
    private int methodId;

    AmqpChannel(AmqpConnection connection, Running running, int number) {
        this.connection = connection;
        this.running = running;
        this.number = number;
        this.publishing = new Publishing(this, running.session(), running.throttle(), connection.message());
    }

    // ---- what its parts need

    int number() {
        return number;
    }

    Session session() {
        return running.session();
    }

    ChannelMode mode() {
        return mode;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    int consumerCount() {
        return consumers.count();
    }

    DirectReply directReply() {
        DirectReply reply = directReply;
        if (reply == null) {
            reply = new DirectReply(this);
            directReply = reply;
        }
        return reply;
    }

    Outbound outbound() {
        return connection.outbound();
    }

    ContentFrames content() {
        return running.content();
    }

    ClientProperties client() {
        return running.client();
    }

    RandomGenerator random() {
        return connection.random();
    }

    void send(Method method) {
        outbound().method(number, method);
    }

    /** Where the answer to the method at hand goes; see {@link PendingReply}. */
    <T extends @Nullable Object> Reply<T> reply(Consumer<T> then) {
        return reply(then, _ -> {
        });
    }

    /** @param otherwise takes the value where the channel ended meanwhile */
    <T extends @Nullable Object> Reply<T> reply(Consumer<T> then, Consumer<T> otherwise) {
        return new PendingReply<>(this, connection.gate(), methodId, then, otherwise);
    }

    @Override
    public boolean awaitsReplies() {
        return state == State.OPEN;
    }

    @Override
    public void carryOut(int methodId, Runnable action) {
        connection.guarded(number, methodId, action);
    }

    // ---- frames

    /** The method at hand, for what an exception is said to be about; 0 where there is none. */
    int methodId() {
        return methodId;
    }

    /** @throws AmqpException as its code says: the channel or the connection ends */
    void frame(int type, ByteBuf in, int index, int length, WireReader reader) {
        if (state != State.OPEN) {
            closingFrame(type, reader);
            return;
        }
        switch (type) {
            case Frame.METHOD -> method(reader);
            case Frame.HEADER -> contentExpected().header(in, index, length);
            case Frame.BODY -> contentExpected().body(in, index, length);
            default -> throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "type " + type + " on channel " + number);
        }
    }

    private PublishAssembler contentExpected() {
        PublishAssembler current = assembler();
        if (current.isIdle()) {
            methodId = 0;
        }
        return current;
    }

    private PublishAssembler assembler() {
        PublishAssembler current = assembler;
        if (current == null) {
            current = new PublishAssembler(publishing, connection.maxMessageBytes());
            assembler = current;
        }
        return current;
    }

    private void method(WireReader in) {
        if (assembler != null && !assembler.isIdle()) {
            throw assembler.contentExpected();
        }
        methodId = in.i32();
        switch (methodId) {
            case BasicMethod.Publish.ID -> {
                running.throttle().publishing();
                assembler().publish(in);
            }
            case BasicMethod.Ack.ID -> acknowledge(in);
            default -> handle(Method.decode(methodId, in));
        }
    }

    private void acknowledge(WireReader in) {
        long deliveryTag = in.u64();
        boolean multiple = in.bit();
        in.requireEnd();
        deliveries.settle(Settlement.ACKNOWLEDGE, deliveryTag, multiple);
    }

    private void handle(Method method) {
        switch (method) {
            case BasicMethod m -> basic(m);
            case QueueMethod m -> queueCommands.handle(m);
            case ExchangeMethod m -> exchangeCommands.handle(m);
            case ChannelMethod m -> channel(m);
            case ConfirmMethod m -> confirm(m);
            case TxMethod m -> tx(m);
            case AccessMethod.Request _ -> send(new AccessMethod.RequestOk(1));
            case AccessMethod.RequestOk _,ConnectionMethod _ -> throw notForServers();
        }
    }

    private void basic(BasicMethod method) {
        switch (method) {
            case BasicMethod.Qos m -> consumeCommands.qos(m);
            case BasicMethod.Consume m -> consumeCommands.consume(m);
            case BasicMethod.Cancel m -> consumeCommands.cancel(m);
            case BasicMethod.Get m -> consumeCommands.get(m);
            case BasicMethod.Ack m -> deliveries.settle(Settlement.ACKNOWLEDGE, m.deliveryTag(), m.multiple());
            case BasicMethod.Nack m -> deliveries.settle(returning(m.requeue()), m.deliveryTag(), m.multiple());
            case BasicMethod.Reject m -> deliveries.settle(returning(m.requeue()), m.deliveryTag(), false);
            case BasicMethod.RecoverAsync m -> consumeCommands.recover(m.requeue());
            case BasicMethod.Recover m -> {
                consumeCommands.recover(m.requeue());
                send(new BasicMethod.RecoverOk());
            }
            case BasicMethod.Publish _,BasicMethod.QosOk _,BasicMethod.ConsumeOk _,BasicMethod.CancelOk _,BasicMethod.Return _,BasicMethod.Deliver _,BasicMethod.GetOk _,BasicMethod.GetEmpty _,BasicMethod.RecoverOk _ ->
                throw notForServers();
        }
    }

    private static Settlement returning(boolean requeue) {
        return requeue ? Settlement.REQUEUE : Settlement.REJECT;
    }

    private void channel(ChannelMethod method) {
        switch (method) {
            case ChannelMethod.Open _ -> throw new AmqpException(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen");
            case ChannelMethod.Flow m -> {
                if (!m.active()) {
                    throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "active=false");
                }
                send(new ChannelMethod.FlowOk(true));
            }
            case ChannelMethod.Close _ -> {
                end();
                send(new ChannelMethod.CloseOk());
                closed();
            }
            case ChannelMethod.OpenOk _,ChannelMethod.FlowOk _,ChannelMethod.CloseOk _ -> throw notForServers();
        }
    }

    /** What only servers send (RabbitMQ words it so). */
    static AmqpException notForServers() {
        return new AmqpException(ReplyCode.COMMAND_INVALID, "unimplemented method");
    }

    // ---- confirms and transactions

    private void confirm(ConfirmMethod method) {
        switch (method) {
            case ConfirmMethod.Select m -> {
                switch (mode) {
                    case ChannelMode.Plain _ -> mode = new ChannelMode.Confirming(
                            new Confirms(connection.broker()::whenDurable, connection.owner(), this));
                    case ChannelMode.Confirming _ -> {
                    }
                    case ChannelMode.Transactional _ -> throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                            "cannot switch from tx to confirm mode");
                }
                if (!m.noWait()) {
                    send(new ConfirmMethod.SelectOk());
                }
            }
            case ConfirmMethod.SelectOk _ -> throw notForServers();
        }
    }

    @Override
    public void ack(long deliveryTag, boolean multiple) {
        outbound().ack(number, deliveryTag, multiple);
    }

    @Override
    public void nack(long deliveryTag, boolean multiple) {
        send(new BasicMethod.Nack(deliveryTag, multiple, false));
    }

    private void tx(TxMethod method) {
        switch (method) {
            case TxMethod.Select _ -> selectTransactions();
            case TxMethod.Commit _ -> commit(transaction());
            case TxMethod.Rollback _ -> {
                Transaction transaction = transaction();
                transaction.takePublishes();
                deliveries.rollback(transaction.takeSettlements());
                send(new TxMethod.RollbackOk());
            }
            case TxMethod.SelectOk _,TxMethod.CommitOk _,TxMethod.RollbackOk _ -> throw notForServers();
        }
    }

    private void selectTransactions() {
        switch (mode) {
            case ChannelMode.Plain _ -> mode = new ChannelMode.Transactional(
                    new Transaction(connection.maxMessageBytes() * 2));
            case ChannelMode.Transactional _ -> {
            }
            case ChannelMode.Confirming _ -> throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "cannot switch from confirm to tx mode");
        }
        send(new TxMethod.SelectOk());
    }

    private Transaction transaction() {
        if (mode instanceof ChannelMode.Transactional(Transaction transaction)) {
            return transaction;
        }
        throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "channel is not transactional");
    }

    private void commit(Transaction transaction) {
        long ticket = publishing.commit(transaction.takePublishes());
        deliveries.commit(transaction.takeSettlements());
        if (ticket == 0) {
            send(new TxMethod.CommitOk());
        } else {
            connection.broker().whenDurable(ticket,
                    new PendingCommit(reply(_ -> send(new TxMethod.CommitOk()))));
        }
    }

    // ---- the end

    /** We end it, for what went wrong: channel.close with the reason. */
    void fail(AmqpException e, int methodId) {
        if (state == State.OPEN) {
            end();
            state = State.CLOSING;
            send(new ChannelMethod.Close(e.code().code(), e.replyText(), Method.classId(methodId),
                    Method.methodId(methodId)));
        }
    }

    private void closingFrame(int type, WireReader in) {
        if (type != Frame.METHOD || in.remaining() < 4) {
            return;
        }
        switch (in.i32()) {
            case ChannelMethod.CloseOk.ID -> closed();
            case ChannelMethod.Close.ID -> send(new ChannelMethod.CloseOk());
            default -> {
            }
        }
    }

    private void closed() {
        state = State.CLOSED;
        connection.channelClosed(this);
    }

    /** Gives everything back that it holds. Its connection may still be there or not. */
    void end() {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSED;
        if (assembler != null) {
            assembler.clear();
        }
        if (directReply != null) {
            directReply.end();
        }
        switch (mode) {
            case ChannelMode.Plain _ -> {
            }
            case ChannelMode.Confirming(Confirms confirms) -> confirms.close();
            case ChannelMode.Transactional(Transaction transaction) ->
                deliveries.rollback(transaction.takeSettlements());
        }
        deliveries.end();
    }

    /** Its connection takes bytes again. */
    void resume() {
        consumers.resume();
    }
}
