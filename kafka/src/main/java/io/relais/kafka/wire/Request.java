// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * One request, and its place in the order of responses of its connection. Answered exactly once. The frame lives until then; bytes that are needed longer are retained.
 *
 * <p>Thread: the owner.
 */
public final class Request {
    private final Connection connection;
    private final RequestHeader header;
    private final AbstractRequest body;
    private final FrameReadable readable;
    private final ByteBuf frame;
    private final long arrivedNs;
    private final int sizeBytes;
    private boolean answered;
    private @Nullable ApiMessage response;
    private @Nullable Runnable onGone;

    Request(Connection connection, RequestHeader header, AbstractRequest body, FrameReadable readable, ByteBuf frame,
            long arrivedNs) {
        this.connection = connection;
        this.header = header;
        this.body = body;
        this.readable = readable;
        this.frame = frame;
        this.arrivedNs = arrivedNs;
        this.sizeBytes = frame.readableBytes();
    }

    public Connection connection() {
        return connection;
    }

    public ApiKeys key() {
        return header.apiKey();
    }

    public short version() {
        return header.apiVersion();
    }

    public RequestHeader header() {
        return header;
    }

    /** What the client calls itself; empty where it does not. */
    public String clientId() {
        String id = header.clientId();
        return id == null ? "" : id;
    }

    /** When its last byte came, on the monotonic clock. */
    public long arrivedNs() {
        return arrivedNs;
    }

    /** Bytes of its frame. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** The request as Kafka's library has it. */
    public AbstractRequest body() {
        return body;
    }

    /** The request's fields, as the generated class of its API key. */
    public <T extends ApiMessage> T data(Class<T> type) {
        return type.cast(body.data());
    }

    /** The bytes of records that came with it: a slice that lives as long as the frame, unless it is retained. */
    public ByteBuf bytesOf(MemoryRecords records) {
        return readable.bytesOf(records);
    }

    /** Whether the connection went away meanwhile: an answer is dropped then. */
    public boolean isGone() {
        return !connection.isOpen();
    }

    /** Runs once if the connection goes away before the request is answered: what waits for something need not wait any longer. It is to be ended all the same, by {@link #noResponse}. */
    public void whenGone(Runnable action) {
        onGone = action;
    }

    void gone() {
        Runnable action = onGone;
        onGone = null;
        if (action != null && !answered) {
            action.run();
        }
    }

    /** Answers. */
    public void respond(ApiMessage message) {
        answer(message, 0);
    }

    /** As {@link #respond(ApiMessage)}, where the answer carries records of so many bytes: they count for the client's quota. */
    public void respond(ApiMessage message, long recordBytes) {
        answer(message, recordBytes);
    }

    /** Answers with an error for all it asked for, in the shape of its key. */
    public void fail(Errors error) {
        fail(error.exception());
    }

    /** As {@link #fail(Errors)}, with a text for people. */
    public void fail(Errors error, @Nullable String message) {
        fail(error.exception(message));
    }

    /** As {@link #fail(Errors)}; which error it is, Kafka's library knows. */
    public void fail(Throwable cause) {
        AbstractResponse error = body.getErrorResponse(0, cause);
        if (error == null) { // a produce request that wants no answer: only this tells its client
            noResponse();
            connection.close();
        } else {
            answer(error.data(), 0);
        }
    }

    /** Ends a request that wants no answer: a produce request with acks=0. */
    public void noResponse() {
        answer(null, 0);
    }

    private void answer(@Nullable ApiMessage message, long recordBytes) {
        if (answered) {
            throw new IllegalStateException(key() + " was answered already");
        }
        answered = true;
        response = message;
        connection.throttle(this, message, key() == ApiKeys.PRODUCE ? sizeBytes : recordBytes);
        frame.release();
        connection.answered();
    }

    boolean isAnswered() {
        return answered;
    }

    @Nullable
    ApiMessage response() {
        return response;
    }
}
