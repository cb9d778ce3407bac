// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.relais.broker.runtime.Owner;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: frames in, responses out in the order of their requests, however long each takes.
 *
 * <p>What Kafka answers by closing the connection is answered so here: unknown keys and versions, requests that cannot be read, frames that are too long.
 *
 * <p>Thread: the owner. Bounds: {@value #PENDING_MAX} unanswered requests, then the connection is not read; one frame of limited size.
 */
public final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int PENDING_MAX = 100;

    /** What is read at once: grows for producers of large batches, so that a batch of a mebibyte takes a few reads and not sixteen. */
    private static final int READ_MIN_BYTES = 1 << 10;
    private static final int READ_FIRST_BYTES = 16 << 10;
    private static final int READ_MAX_BYTES = 512 << 10;

    private final ApiTable apis;
    private final Owner owner;
    private final ConnectionListener listener;
    private final int requestMaxBytes;
    private final Deque<Request> pending = new ArrayDeque<>();
    private final Deque<Runnable> onWritable = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext context;
    private @Nullable FrameDecoder frames;
    private boolean open;
    private boolean refused;
    private boolean flushing;
    private int pauses;
    private boolean full;

    public Connection(ApiTable apis, Owner owner, ConnectionListener listener, int requestMaxBytes) {
        this.apis = apis;
        this.owner = owner;
        this.listener = listener;
        this.requestMaxBytes = requestMaxBytes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.channel().config().setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(READ_MIN_BYTES, READ_FIRST_BYTES, READ_MAX_BYTES));
        frames = new FrameDecoder(ctx.alloc(), requestMaxBytes);
        open = true;
        listener.opened(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
        ctx.fireChannelInactive();
    }

    private void gone() {
        FrameDecoder decoder = frames;
        frames = null;
        if (decoder != null) {
            decoder.close();
        }
        if (open) {
            open = false;
            listener.closed(this);
            List.copyOf(pending).forEach(Request::gone);
            runWhenWritable();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            runWhenWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void runWhenWritable() {
        for (int left = onWritable.size(); left > 0; left--) {
            onWritable.remove().run();
        }
    }

    /** Runs an action once the client takes what was written to it: at once where it does. So what is read for a client that is slow does not pile up. Runs when the connection goes away, too. */
    public void whenWritable(Runnable action) {
        if (!open || context().channel().isWritable()) {
            action.run();
        } else {
            onWritable.add(action);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            FrameDecoder decoder = frames;
            if (decoder != null) {
                decoder.decode(in, this::received);
            }
        } catch (FrameDecoder.BadLength e) {
            refuse(String.valueOf(e.getMessage()));
        } finally {
            in.release();
        }
    }

    private void received(ByteBuf frame) {
        if (!open || refused) {
            frame.release();
            return;
        }
        if (listener.takes(this, frame)) {
            return;
        }
        Request request;
        try {
            request = parse(frame);
        } catch (RuntimeException e) { // whatever a client sends: it is its own connection that ends
            frame.release();
            refuse("a request that cannot be read: " + e.getMessage());
            return;
        }
        if (request == null) {
            frame.release();
            return;
        }
        pending.add(request);
        if (pending.size() >= PENDING_MAX && !full) {
            full = true;
            pause();
        }
        handle(request);
    }

    private @Nullable Request parse(ByteBuf frame) {
        RequestHeader header = RequestHeader.parse(frame.nioBuffer());
        ApiHandler handler = apis.handler(header.apiKey());
        if (header.apiKey() == ApiKeys.API_VERSIONS && !header.isApiVersionSupported()) {
            answerTooNewApiVersions(header); // that key is enabled in every version, says Kafka's library
            return null;
        }
        if (!header.apiKey().isVersionEnabled(header.apiVersion(), false)) {
            throw new IllegalArgumentException(header.apiKey() + " version " + header.apiVersion());
        }
        if (handler == null) {
            throw new IllegalArgumentException(header.apiKey() + " is not served");
        }
        ByteBuf in = frame.duplicate();
        in.skipBytes(header.size());
        FrameReadable readable = new FrameReadable(in);
        AbstractRequest body = AbstractRequest.parseRequest(header.apiKey(), header.apiVersion(), readable).request;
        return new Request(this, header, body, readable, frame, owner.clock().nowNs());
    }

    /** KIP-511: a client that is newer than the broker hears which versions there are, in the oldest form. */
    private void answerTooNewApiVersions(RequestHeader header) {
        RequestHeader oldest = new RequestHeader(ApiKeys.API_VERSIONS, (short) 0, header.clientId(),
                header.correlationId());
        ApiVersionsResponseData data = new ApiVersionsResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        data.apiKeys().add(new ApiVersionsResponseData.ApiVersion().setApiKey(ApiKeys.API_VERSIONS.id)
                .setMinVersion(ApiKeys.API_VERSIONS.oldestVersion())
                .setMaxVersion(ApiKeys.API_VERSIONS.latestVersion()));
        write(oldest, data);
        flushLater();
    }

    private void handle(Request request) {
        ApiHandler handler = apis.handler(request.key());
        if (handler == null) {
            throw new IllegalStateException("parsed without a handler: " + request.key());
        }
        try {
            if (listener.admits(request)) {
                handler.handle(request);
            }
        } catch (RuntimeException e) {
            LOG.error("{} version {} of client {} failed", request.key(), request.version(), request.clientId(), e);
            if (!request.isAnswered()) {
                request.fail(e);
            }
        }
    }

    /** A request was answered: writes what is complete from the front. */
    void answered() {
        Request head = pending.peek();
        while (head != null && head.isAnswered()) {
            pending.remove();
            ApiMessage response = head.response();
            if (response != null && open) {
                write(head.header(), response);
                flushLater();
            }
            head = pending.peek();
        }
        if (full && pending.size() < PENDING_MAX / 2) {
            full = false;
            resume();
        }
    }

    /** Makes a client wait where its quota says so: its answer tells how long, and it is not read for that time. */
    void throttle(Request request, @Nullable ApiMessage response, long bytes) {
        int throttleMs = open ? listener.quotas().throttleMs(request, bytes) : 0;
        if (throttleMs > 0) {
            if (response != null) {
                Throttling.announce(response, throttleMs);
            }
            pause();
            owner.schedule(throttleMs, this::resume);
        }
    }

    private void write(RequestHeader header, ApiMessage response) {
        ChannelHandlerContext ctx = context();
        try {
            for (Object part : ResponseEncoder.encode(header, response, ctx.alloc())) {
                ctx.write(part, ctx.voidPromise());
            }
        } catch (RuntimeException e) {
            LOG.error("the response to {} version {} cannot be written", header.apiKey(), header.apiVersion(), e);
            close();
        }
    }

    private void flushLater() {
        if (!flushing) {
            flushing = true;
            owner.execute(() -> {
                flushing = false;
                context().flush();
            });
        }
    }

    private void refuse(String why) {
        LOG.info("closing the connection of {}: {}", context().channel().remoteAddress(), why);
        refused = true;
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection of {}: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }

    /** Writes a frame that is no response to a request. Takes the reference. */
    public void writeFrame(ByteBuf content) {
        if (!open) {
            content.release();
            return;
        }
        ChannelHandlerContext ctx = context();
        ctx.write(ctx.alloc().buffer(Integer.BYTES).writeInt(content.readableBytes()), ctx.voidPromise());
        ctx.write(content, ctx.voidPromise());
        flushLater();
    }

    /** Takes requests of at most so many bytes from now on. */
    public void requestMaxBytes(int maxBytes) {
        FrameDecoder decoder = frames;
        if (decoder != null) {
            decoder.maxBytes(maxBytes);
        }
    }

    /** Does not read further requests until {@link #resume} was called as often. */
    public void pause() {
        pauses++;
        if (open) {
            context().channel().config().setAutoRead(false);
        }
    }

    public void resume() {
        pauses--;
        if (pauses == 0 && open) {
            context().channel().config().setAutoRead(true);
        }
    }

    /** Closes the connection; what is being written still goes. */
    public void close() {
        if (open) {
            context().flush();
            context().close();
        }
    }

    public boolean isOpen() {
        return open;
    }

    /** Whether bytes must pass through the process on their way. */
    public boolean isEncrypted() {
        return context().pipeline().get(SslHandler.class) != null;
    }

    /** Where the client is. */
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) context().channel().remoteAddress();
    }

    /** Where the client reached us: a broker without an advertised address answers that. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) context().channel().localAddress();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
