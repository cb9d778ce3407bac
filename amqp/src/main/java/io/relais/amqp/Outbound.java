// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.WireWriter;
import io.relais.broker.runtime.Owner;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends: frames are copied into one buffer, which goes to the socket once per round, or when it is large. A flush per message doubles the cost
 * of a small message; handing over slices of a body doubles it at 1 KB.
 *
 * <p>Memory: nothing while nothing is sent.
 * <p>Bounds: {@link #FLUSH_BYTES} here; beyond it Netty's queue, whose water marks {@link #writable} reports, so that consumers are not served any more.
 * <p>Thread: the owner.
 */
final class Outbound {
    /** Size at which the buffer does not wait for the end of the round. */
    static final int FLUSH_BYTES = 128 << 10;

    private static final int ACK_BYTES = 4 + 8 + 1;
    private static final int LEAST_BUFFER_BYTES = 256;

    private final ChannelHandlerContext context;
    private final Owner owner;
    private final Runnable flush = this::flush;
    private @Nullable ByteBuf buffer;
    private int lastFlushBytes;
    private boolean flushScheduled;
    private boolean sent;
    private boolean closed;

    Outbound(ChannelHandlerContext context, Owner owner) {
        this.context = context;
        this.owner = owner;
    }

    /** Whether the peer keeps up with what it is sent. */
    boolean writable() {
        return context.channel().isWritable();
    }

    /** Roughly the bytes beyond the low water mark that the peer has not taken; 0 while it keeps up. */
    long pendingBytes() {
        return context.channel().bytesBeforeWritable();
    }

    /** The buffer to append frames to, with room for so many bytes. {@link #end} must follow. */
    ByteBuf begin(int bytes) {
        ByteBuf out = buffer;
        if (out == null) {
            int room = Math.max(LEAST_BUFFER_BYTES, Math.min(lastFlushBytes, FLUSH_BYTES));
            out = context.alloc().ioBuffer(Math.max(room, bytes));
            buffer = out;
        }
        return out.ensureWritable(bytes);
    }

    /** Ends what {@link #begin} began: it will be sent. */
    void end() {
        sent = true;
        if (closed) {
            discard();
        } else if (buffer != null && buffer.readableBytes() >= FLUSH_BYTES) {
            flush();
        } else if (!flushScheduled) {
            flushScheduled = true;
            owner.execute(flush);
        }
    }

    void method(int channel, Method method) {
        ByteBuf out = begin(64);
        int start = out.writerIndex();
        out.writeByte(Frame.METHOD).writeShort(channel).writeInt(0);
        method.encodeAll(new WireWriter(out));
        int length = out.writerIndex() - start - Frame.PREFIX_BYTES;
        out.setInt(start + Frame.PREFIX_BYTES - 4, length);
        out.writeByte(Frame.END);
        end();
    }

    /** basic.ack, the one method that is sent as often as messages are published. */
    void ack(int channel, long deliveryTag, boolean multiple) {
        begin(Frame.OVERHEAD_BYTES + ACK_BYTES).writeByte(Frame.METHOD).writeShort(channel).writeInt(ACK_BYTES)
                .writeInt(BasicMethod.Ack.ID).writeLong(deliveryTag).writeBoolean(multiple).writeByte(Frame.END);
        end();
    }

    void heartbeat() {
        begin(Frame.OVERHEAD_BYTES).writeByte(Frame.HEARTBEAT).writeShort(0).writeInt(0).writeByte(Frame.END);
        end();
        sent = false;
    }

    /** Sends bytes that are no frame: the protocol header. */
    void raw(ByteBuf bytes) {
        begin(bytes.readableBytes()).writeBytes(bytes);
        end();
    }

    /** Whether anything but heartbeats was sent since the last call. */
    boolean takeSent() {
        boolean was = sent;
        sent = false;
        return was;
    }

    void flush() {
        flushScheduled = false;
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            lastFlushBytes = out.readableBytes();
            context.writeAndFlush(out, context.voidPromise());
        }
    }

    /** Sends what is there, then closes the socket. */
    void flushAndClose() {
        ByteBuf out = buffer;
        buffer = null;
        closed = true;
        if (out == null) {
            context.close();
        } else {
            context.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** The socket is gone: drops what was to be sent. */
    void discard() {
        closed = true;
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
