// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.relais.amqp.ConnectionState.AwaitingHeader;
import io.relais.amqp.ConnectionState.AwaitingOpen;
import io.relais.amqp.ConnectionState.Running;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.FrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The edge to Netty: collects the bytes that arrive, finds the frames in them, and hands them to the connection for as long as its {@link ReadGate} is open.
 *
 * <p>Memory: nothing while no part of a frame waits.
 * <p>Bounds: one frame and one read; {@link #HANDSHAKE_MAX_BYTES} in all before the client has proved itself.
 * <p>Thread: the owner, whose event loop this handler is added with.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    /** Largest frame before both sides have agreed: above the specification's 4,096, because tokens used as passwords are longer. */
    static final int HANDSHAKE_FRAME_MAX_BYTES = 16 << 10;

    static final int HANDSHAKE_MAX_BYTES = 32 << 10;

    /** Netty 4.2's default, the adaptive allocator, makes a buffer object for each copy between two buffers: four per delivery, 70 % of all allocation under load. */
    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(128 << 10, 512 << 10);

    private final AmqpContext context;
    private final Connections connections;
    private final FrameDecoder frames;
    private @Nullable AmqpConnection connection;
    private @Nullable ReadGate gate;
    private @Nullable ByteBuf received;
    private long handshakeBytes;
    private boolean decoding;
    private boolean unreadable;

    ConnectionHandler(AmqpContext context, Connections connections) {
        this.context = context;
        this.connections = connections;
        this.frames = new FrameDecoder(HANDSHAKE_FRAME_MAX_BYTES);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
    }

    private void begin(ChannelHandlerContext ctx) {
        if (connection == null) {
            ctx.channel().config().setAllocator(ALLOCATOR).setWriteBufferWaterMark(WATER_MARKS);
            ReadGate newGate = new ReadGate(ctx.channel(), this::decode);
            AmqpConnection begun = new AmqpConnection(context, Peer.of(ctx.channel()),
                    new Outbound(ctx, context.owner()),
                    newGate);
            gate = newGate;
            connection = begun;
            connections.add(begun);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (!(read instanceof ByteBuf bytes) || connection == null || unreadable) {
            ReferenceCountUtil.release(read);
            return;
        }
        connection.received();
        if (!connection.isRunning()) {
            handshakeBytes += bytes.readableBytes();
        }
        received = received == null
                ? bytes
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), received, bytes);
        decode();
    }

    /** Works on what has arrived. Also runs when the gate opens again. */
    private void decode() {
        if (decoding || connection == null || gate == null) {
            return;
        }
        decoding = true;
        try {
            decode(connection, gate);
        } catch (AmqpException e) {
            unreadable = true;
            connection.fail(e.code(), e.replyText(), 0);
        } catch (RuntimeException e) {
            unreadable = true;
            connection.fault(e);
        } finally {
            decoding = false;
            releaseWhatWasRead();
            gate.apply();
        }
    }

    private void decode(AmqpConnection to, ReadGate open) {
        while (open.isOpen() && received != null) {
            if (to.state() instanceof AwaitingHeader) {
                if (!to.greeting(received)) {
                    return;
                }
            } else if (!frames.next(received)) {
                limitHandshake(to);
                return;
            } else {
                boolean wasRunning = to.isRunning();
                to.frame(frames.type(), frames.channel(), received, frames.payloadIndex(), frames.payloadLength());
                if (!wasRunning) {
                    follow(to.state());
                }
            }
        }
    }

    private void limitHandshake(AmqpConnection to) {
        if (!to.isRunning() && handshakeBytes > HANDSHAKE_MAX_BYTES) {
            unreadable = true;
            to.close();
        }
    }

    /** After tuning, frames may be as large as agreed. */
    private void follow(ConnectionState state) {
        switch (state) {
            case AwaitingOpen s -> frames.frameMax(s.tuning().frameMaxBytes());
            case Running s -> frames.frameMax(s.tuning().frameMaxBytes());
            default -> {
            }
        }
    }

    /** Without the second part, a client whose frames never end where a read ends would make the buffer grow for ever. */
    private void releaseWhatWasRead() {
        if (received == null) {
            return;
        }
        if (unreadable || !received.isReadable()) {
            received.release();
            received = null;
        } else {
            received.discardSomeReadBytes();
        }
    }

    /** Bytes of memory in which a part of a frame, or what the gate holds up, waits. */
    int waitingCapacity() {
        return received == null ? 0 : received.capacity();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (connection != null && ctx.channel().isWritable()) {
            connection.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        unreadable = true;
        if (connection != null) {
            connection.disconnected();
            connections.remove(connection);
        }
        if (!decoding) {
            releaseWhatWasRead();
        }
    }

    /** The socket failed (reset by peer, for one): there is nobody to tell. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
