// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConfirmMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.FrameDecoder;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.ProtocolHeader;
import io.relais.amqp.codec.QueueMethod;
import io.relais.amqp.codec.Samples;
import io.relais.amqp.codec.WireReader;
import io.relais.broker.runtime.Simulation;
import org.jspecify.annotations.Nullable;

/** A client that sends and receives frames as they are, for what no well-behaved client would do. */
final class RawClient {
    static final Map<String, @Nullable Object> CAPABILITIES = Map.of("capabilities",
            Map.of("authentication_failure_close",
                    true, "connection.blocked", true, "consumer_cancel_notify", true));

    /** What the server sent: a method, with its content where it has one. */
    record Received(int channel, Method method, byte[] properties, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final EmbeddedChannel socket;
    private final Simulation time;
    private final ByteBuf arrived = Unpooled.buffer();
    private final FrameDecoder frames = new FrameDecoder(1 << 20);
    private final Queue<Received> received = new ArrayDeque<>();
    private int heartbeats;
    private int flushes;

    RawClient(EmbeddedChannel socket, Simulation time) {
        this.socket = socket;
        this.time = time;
    }

    // ---- sending

    RawClient bytes(ByteBuf bytes) {
        socket.writeInbound(bytes.copy());
        settle();
        return this;
    }

    /** Sends without letting the broker's other tasks run. */
    RawClient bytesWithoutSettling(ByteBuf bytes) {
        socket.writeInbound(bytes.copy());
        return this;
    }

    void settle() {
        time.settle();
        socket.runPendingTasks();
        collect();
    }

    RawClient frame(int type, int channel, ByteBuf payload) {
        return bytes(Samples.frame(type, channel, payload));
    }

    RawClient method(int channel, Method method) {
        return bytes(Samples.frame(channel, method));
    }

    static ByteBuf header(long bodySize, ByteBuf properties) {
        return Unpooled.buffer().writeShort(60).writeShort(0).writeLong(bodySize).writeBytes(properties);
    }

    static ByteBuf noProperties() {
        return Unpooled.buffer().writeShort(0);
    }

    static ByteBuf persistent() {
        return Unpooled.buffer().writeShort(1 << 12).writeByte(2);
    }

    /** The frames of one publish with the body in one frame. */
    static ByteBuf publish(int channel, String exchange, String routingKey, boolean mandatory, ByteBuf properties,
            String body) {
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(Samples.frame(channel, new BasicMethod.Publish(exchange, routingKey, mandatory, false)));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(Samples.frame(Frame.HEADER, channel, header(bytes.length, properties)));
        if (bytes.length > 0) {
            out.writeBytes(Samples.frame(Frame.BODY, channel, Unpooled.wrappedBuffer(bytes)));
        }
        return out;
    }

    RawClient publish(String queue, String body) {
        return bytes(publish(1, "", queue, false, noProperties(), body));
    }

    RawClient publishPersistent(String queue, String body) {
        return bytes(publish(1, "", queue, false, persistent(), body));
    }

    // ---- what every test begins with

    RawClient greet() {
        return bytes(ProtocolHeader.buffer());
    }

    RawClient startOk(String mechanism, String response, Map<String, @Nullable Object> properties) {
        return method(0, new ConnectionMethod.StartOk(properties, mechanism,
                response.getBytes(StandardCharsets.ISO_8859_1), "en_US"));
    }

    RawClient handshake() {
        return handshake(CAPABILITIES, 131_072, 60);
    }

    RawClient handshake(Map<String, @Nullable Object> properties, long frameMax, int heartbeat) {
        greet().next(ConnectionMethod.Start.class);
        startOk("PLAIN", "\0guest\0guest", properties).next(ConnectionMethod.Tune.class);
        method(0, new ConnectionMethod.TuneOk(2047, frameMax, heartbeat));
        method(0, new ConnectionMethod.Open("/")).next(ConnectionMethod.OpenOk.class);
        return this;
    }

    RawClient channel(int number) {
        method(number, new ChannelMethod.Open()).next(ChannelMethod.OpenOk.class);
        return this;
    }

    RawClient declare(String queue) {
        return declare(queue, Map.of());
    }

    RawClient declare(String queue, Map<String, @Nullable Object> arguments) {
        method(1, new QueueMethod.Declare(queue, false, true, false, false, false, arguments))
                .next(QueueMethod.DeclareOk.class);
        return this;
    }

    RawClient confirms() {
        method(1, new ConfirmMethod.Select(false)).next(ConfirmMethod.SelectOk.class);
        return this;
    }

    RawClient consume(String queue, String tag, boolean noAck) {
        method(1, new BasicMethod.Consume(queue, tag, false, noAck, false, false, Map.of()))
                .next(BasicMethod.ConsumeOk.class);
        return this;
    }

    RawClient prefetch(int count, boolean global) {
        method(1, new BasicMethod.Qos(0, count, global)).next(BasicMethod.QosOk.class);
        return this;
    }

    RawClient ack(long tag, boolean multiple) {
        return method(1, new BasicMethod.Ack(tag, multiple));
    }

    // ---- receiving

    private void collect() {
        ByteBuf read;
        while ((read = socket.readOutbound()) != null) {
            flushes++;
            arrived.writeBytes(read);
            read.release();
        }
        while (arrived.readableBytes() != ProtocolHeader.BYTES || arrived.getByte(arrived.readerIndex()) != 'A') {
            if (!frames.next(arrived)) {
                return;
            }
            frame(arrived.copy(frames.payloadIndex(), frames.payloadLength()));
        }
    }

    private final Map<Integer, List<Object>> contents = new LinkedHashMap<>();

    private void frame(ByteBuf payload) {
        int channel = frames.channel();
        switch (frames.type()) {
            case Frame.METHOD -> {
                WireReader in = new WireReader().reset(payload, 0, payload.readableBytes());
                Method method = Method.decode(in.i32(), in);
                if (hasContent(method)) {
                    contents.put(channel, new ArrayList<>(List.of(method)));
                } else {
                    received.add(new Received(channel, method, new byte[0], new byte[0]));
                }
            }
            case Frame.HEADER, Frame.BODY -> {
                List<Object> parts = contents.get(channel);
                assertThat(parts).as("content without a method").isNotNull();
                parts.add(payload);
                complete(channel, parts);
            }
            default -> heartbeats++;
        }
    }

    private static boolean hasContent(Method method) {
        return method instanceof BasicMethod.Deliver || method instanceof BasicMethod.GetOk
                || method instanceof BasicMethod.Return;
    }

    private void complete(int channel, List<Object> parts) {
        ByteBuf header = (ByteBuf) parts.get(1);
        long size = header.getLong(4);
        ByteBuf body = Unpooled.buffer();
        parts.subList(2, parts.size()).forEach(part -> body.writeBytes(((ByteBuf) part).duplicate()));
        if (body.readableBytes() == size) {
            contents.remove(channel);
            byte[] properties = new byte[header.readableBytes() - 12];
            header.getBytes(12, properties);
            byte[] bytes = new byte[body.readableBytes()];
            body.getBytes(0, bytes);
            received.add(new Received(channel, (Method) parts.getFirst(), properties, bytes));
        }
    }

    Received next() {
        settle();
        Received next = received.poll();
        assertThat(next).as("something received").isNotNull();
        return java.util.Objects.requireNonNull(next);
    }

    <T extends Method> T next(Class<T> type) {
        Received next = next();
        assertThat(next.method()).isInstanceOf(type);
        return type.cast(next.method());
    }

    /** The next delivery. */
    Received delivery() {
        Received next = next();
        assertThat(next.method()).isInstanceOf(BasicMethod.Deliver.class);
        return next;
    }

    long deliveryTag() {
        return ((BasicMethod.Deliver) delivery().method()).deliveryTag();
    }

    List<Method> all() {
        settle();
        List<Method> all = received.stream().map(Received::method).toList();
        received.clear();
        return all;
    }

    void nothing() {
        settle();
        assertThat(received).isEmpty();
    }

    /** Bytes received that are no frames. */
    ByteBuf rawBytes() {
        settle();
        return arrived.readSlice(arrived.readableBytes());
    }

    int heartbeats() {
        settle();
        int count = heartbeats;
        heartbeats = 0;
        return count;
    }

    /** Writes to the socket since the last call. */
    int flushes() {
        settle();
        int count = flushes;
        flushes = 0;
        return count;
    }

    boolean isConnected() {
        settle();
        return socket.isOpen();
    }

    boolean isRead() {
        return socket.config().isAutoRead();
    }

    EmbeddedChannel socket() {
        return socket;
    }

    /** The client is gone without a word. */
    void disconnect() {
        socket.close();
        settle();
    }
}
