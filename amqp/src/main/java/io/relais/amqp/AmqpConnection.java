// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.relais.amqp.ConnectionState.AwaitingHeader;
import io.relais.amqp.ConnectionState.AwaitingOpen;
import io.relais.amqp.ConnectionState.AwaitingStartOk;
import io.relais.amqp.ConnectionState.AwaitingTuneOk;
import io.relais.amqp.ConnectionState.Closed;
import io.relais.amqp.ConnectionState.Closing;
import io.relais.amqp.ConnectionState.Running;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.ProtocolHeader;
import io.relais.amqp.codec.ReplyCode;
import io.relais.amqp.codec.ShortString;
import io.relais.amqp.codec.WireReader;
import io.relais.broker.Broker;
import io.relais.broker.Message;
import io.relais.broker.Session;
import io.relais.broker.runtime.Owner;
import io.relais.broker.runtime.Owner.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: its channels, and its end. Bytes come from {@link ConnectionHandler} as frames, and go out through {@link Outbound}.
 *
 * <p>Thread: the owner.
 */
final class AmqpConnection implements PendingReply.Origin, Heartbeats.Peer {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);

    /** How long a client may take to answer connection.close. */
    private static final long CLOSE_TIMEOUT_MS = 10_000;

    private final AmqpContext context;
    private final Peer peer;
    private final Outbound outbound;
    private final ReadGate gate;
    private final Handshake handshake;
    private final Message message = new Message();
    private final WireReader reader = new WireReader();
    private final IntObjectMap<AmqpChannel> channels = new IntObjectHashMap<>(4);
    private final long openedMs;
    private ConnectionState state = new AwaitingHeader();
    private @Nullable Timer deadline;
    private @Nullable Heartbeats heartbeats;
    private int methodId;

    AmqpConnection(AmqpContext context, Peer peer, Outbound outbound, ReadGate gate) {
        this.context = context;
        this.peer = peer;
        this.outbound = outbound;
        this.gate = gate;
        this.handshake = new Handshake(this, context, peer);
        this.openedMs = context.owner().clock().nowMs();
        deadline(context.settings().handshakeTimeoutMs());
    }

    // ---- what its parts need

    Outbound outbound() {
        return outbound;
    }

    ReadGate gate() {
        return gate;
    }

    Broker broker() {
        return context.broker();
    }

    Owner owner() {
        return context.owner();
    }

    RandomGenerator random() {
        return context.random();
    }

    /** Reused for every publish of the connection. */
    Message message() {
        return message;
    }

    long maxMessageBytes() {
        return context.broker().options().maxMessageBytes();
    }

    ConnectionState state() {
        return state;
    }

    void send(Method method) {
        outbound.method(0, method);
    }

    void become(ConnectionState next) {
        state = next;
    }

    /** Where the answer to the connection's method at hand goes; see {@link PendingReply}. */
    <T extends @Nullable Object> PendingReply<T> reply(java.util.function.Consumer<T> then,
            java.util.function.Consumer<T> otherwise) {
        return new PendingReply<>(this, gate, methodId, then, otherwise);
    }

    @Override
    public boolean awaitsReplies() {
        return !isEnding();
    }

    @Override
    public void carryOut(int methodId, Runnable action) {
        guarded(0, methodId, action);
    }

    /** Whether it is closing or closed. */
    boolean isEnding() {
        return state instanceof Closing || state instanceof Closed;
    }

    /** Whether its user is known and its virtual host open. */
    boolean isRunning() {
        return state instanceof Running;
    }

    // ---- input

    /** Judges the greeting as far as it has come. Returns true once it was read. */
    boolean greeting(ByteBuf in) {
        int matching = ProtocolHeader.matching(in);
        if (matching < 0) {
            outbound.raw(ProtocolHeader.buffer());
            close();
            return false;
        }
        if (matching < ProtocolHeader.BYTES) {
            return false;
        }
        in.skipBytes(ProtocolHeader.BYTES);
        handshake.start();
        state = new AwaitingStartOk();
        return true;
    }

    /** Works on one frame. Never throws for what a client did: it answers. */
    void frame(int type, int number, ByteBuf in, int index, int length) {
        reader.reset(in, index, length);
        try {
            switch (state) {
                case Running running -> running(running, type, number, in, index, length);
                case AwaitingStartOk _,AwaitingTuneOk _,AwaitingOpen _ -> handshake(type, number, length);
                case Closing _ -> closing(type, number);
                case AwaitingHeader _,Closed _ -> {
                }
            }
        } catch (AmqpException e) {
            AmqpChannel channel = channels.get(number);
            fail(number, e, channel == null || type == Frame.HEARTBEAT ? methodId : channel.methodId());
        }
    }

    private void running(Running running, int type, int number, ByteBuf in, int index, int length) {
        if (type == Frame.HEARTBEAT) {
            requireHeartbeat(number, length);
        } else if (number == 0) {
            requireMethod(type);
            method(running);
        } else {
            AmqpChannel channel = channels.get(number);
            if (channel == null) {
                open(running, type, number);
            } else {
                channel.frame(type, in, index, length, reader);
            }
        }
    }

    private void requireHeartbeat(int number, int length) {
        methodId = 0;
        if (number != 0) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "type 8 on channel " + number);
        }
        if (length != 0) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "heartbeat with a payload of " + length + " bytes");
        }
    }

    private void requireMethod(int type) {
        if (type != Frame.METHOD) {
            methodId = 0;
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "type " + type + " on channel 0");
        }
    }

    private void method(Running running) {
        methodId = reader.i32();
        switch (Method.decode(methodId, reader)) {
            case ConnectionMethod.Close _ -> {
                send(new ConnectionMethod.CloseOk());
                close();
            }
            case ConnectionMethod.UpdateSecret m -> running.session().updateSecret(m.newSecret(),
                    reply(_ -> send(new ConnectionMethod.UpdateSecretOk()), _ -> {
                    }));
            default -> throw unexpected();
        }
    }

    private AmqpException unexpected() {
        return new AmqpException(ReplyCode.CHANNEL_ERROR, "unexpected method in connection state " + state.label());
    }

    private void open(Running running, int type, int number) {
        methodId = type == Frame.METHOD ? reader.i32() : 0;
        if (methodId != ChannelMethod.Open.ID) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
        }
        Method.decode(methodId, reader);
        if (number > running.tuning().channelMax()) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "number of channels opened (" + channels.size()
                    + "): channel " + number + " is beyond the negotiated channel_max (" + running.tuning().channelMax()
                    + ")");
        }
        channels.put(number, new AmqpChannel(this, running, number));
        outbound.method(number, new ChannelMethod.OpenOk());
    }

    private void handshake(int type, int number, int length) {
        if (type == Frame.HEARTBEAT) {
            requireHeartbeat(number, length);
            return;
        }
        requireMethod(type);
        methodId = reader.i32();
        if (number != 0) {
            throw unexpected();
        }
        Method method = Method.decode(methodId, reader);
        switch (state) {
            case AwaitingStartOk _ when method instanceof ConnectionMethod.StartOk m -> handshake.startOk(m);
            case AwaitingTuneOk s when method instanceof ConnectionMethod.TuneOk m -> handshake.tuneOk(s, m);
            case AwaitingOpen s when method instanceof ConnectionMethod.Open m -> handshake.open(s, m);
            default -> {
                if (!(method instanceof ConnectionMethod.Close)) {
                    throw unexpected();
                }
                send(new ConnectionMethod.CloseOk());
                close();
            }
        }
    }

    private void closing(int type, int number) {
        if (type != Frame.METHOD || number != 0 || reader.remaining() < 4) {
            return;
        }
        switch (reader.i32()) {
            case ConnectionMethod.CloseOk.ID -> close();
            case ConnectionMethod.Close.ID -> {
                send(new ConnectionMethod.CloseOk());
                close();
            }
            default -> {
            }
        }
    }

    // ---- the handshake's outcome

    void running(ClientProperties client, Tuning tuning, Session session) {
        cancelDeadline();
        state = new Running(client, tuning, session, new ContentFrames(outbound, tuning.frameMaxBytes()),
                new PublishThrottle(context.broker(), gate, client, outbound));
        send(new ConnectionMethod.OpenOk());
        session.onCloseRequested(this::force);
    }

    void startHeartbeats(int intervalSeconds) {
        heartbeats = new Heartbeats(context.owner(), this, intervalSeconds);
        heartbeats.start();
    }

    @Override
    public boolean takeSent() {
        return outbound.takeSent();
    }

    @Override
    public boolean isRead() {
        return gate.isOpen();
    }

    @Override
    public void sendHeartbeat() {
        outbound.heartbeat();
    }

    @Override
    public void lost(int heartbeatSeconds) {
        LOG.warn("{}: closed: missed heartbeats from client, timeout: {} s", peer.name(), heartbeatSeconds);
        close();
    }

    /** Bytes arrived. */
    void received() {
        if (heartbeats != null) {
            heartbeats.received();
        }
    }

    /** The socket takes bytes again. */
    void writable() {
        channels.values().forEach(AmqpChannel::resume);
    }

    // ---- the end

    /** Runs something on behalf of a channel, or of the connection where it is 0; what it throws ends that. */
    void guarded(int number, int methodId, Runnable action) {
        try {
            action.run();
        } catch (AmqpException e) {
            fail(number, e, methodId);
        }
    }

    private void fail(int number, AmqpException e, int methodId) {
        AmqpChannel channel = channels.get(number);
        if (channel != null && !e.code().closesConnection()) {
            channel.fail(e, methodId);
        } else {
            fail(e.code(), e.replyText(), methodId);
        }
    }

    /** Ends it, for what went wrong: connection.close with the reason. */
    void fail(ReplyCode code, String replyText, int methodId) {
        if (isEnding()) {
            return;
        }
        LOG.info("{}: closing: {}", peer.name(), replyText);
        endChannels();
        state = new Closing();
        send(new ConnectionMethod.Close(code.code(), ShortString.fitting(replyText), Method.classId(methodId),
                Method.methodId(methodId)));
        deadline(CLOSE_TIMEOUT_MS);
    }

    /** Ends it because someone with the right to do so wants it, with 320 CONNECTION_FORCED. */
    void force(String reason) {
        if (isRunning()) {
            fail(ReplyCode.CONNECTION_FORCED, ReplyCode.CONNECTION_FORCED.name() + " - " + reason, 0);
        } else if (!isEnding()) {
            close();
        }
    }

    /** A fault of ours while it was served: the connection is the smallest thing to give up. */
    void fault(RuntimeException e) {
        LOG.error("{}: fault while serving it; the connection is closed", peer.name(), e);
        fail(ReplyCode.INTERNAL_ERROR, ReplyCode.INTERNAL_ERROR.name(), 0);
    }

    void channelClosed(AmqpChannel channel) {
        channels.remove(channel.number());
    }

    /** Closes the socket once everything was sent. */
    void close() {
        endChannels();
        state = new Closed();
        cancelDeadline();
        outbound.flushAndClose();
    }

    /** The socket is closed. */
    void disconnected() {
        endChannels();
        state = new Closed();
        cancelDeadline();
        outbound.discard();
    }

    private void endChannels() {
        if (heartbeats != null) {
            heartbeats.stop();
        }
        if (state instanceof Running running) {
            state = new Closing();
            running.throttle().close();
            channels.values().forEach(AmqpChannel::end);
            channels.clear();
            running.session().close();
        }
    }

    private void deadline(long delayMs) {
        cancelDeadline();
        deadline = context.owner().schedule(delayMs, this::close);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    ConnectionSummary summary() {
        return switch (state) {
            case Running r ->
                new ConnectionSummary(peer.name(), r.session().user(), r.session().vhost(), peer.address(),
                        r.client().fields(), channels.size(), state.label(), openedMs, r.tuning().frameMaxBytes(),
                        r.tuning().heartbeatSeconds());
            case AwaitingHeader _,AwaitingStartOk _,AwaitingTuneOk _,AwaitingOpen _,Closing _,Closed _ ->
                new ConnectionSummary(peer.name(), "", "", peer.address(), java.util.Map.of(), 0, state.label(),
                        openedMs,
                        0, 0);
        };
    }

    String name() {
        return peer.name();
    }
}
