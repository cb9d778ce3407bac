// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/** Sends any request in any version, and waits for the response. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private int correlationId;

    public RawClient(LiveNode node) {
        String[] address = node.address().split(":", 2);
        try {
            socket = new Socket(address[0], Integer.parseInt(address[1]));
            socket.setSoTimeout(30_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the newest version. */
    public <T extends ApiMessage> T send(ApiMessage request, Class<T> response) {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        return send(request, key.latestVersion(), response);
    }

    public <T extends ApiMessage> T send(ApiMessage request, short version, Class<T> response) {
        return response.cast(send(ApiKeys.forId(request.apiKey()), request, version).data());
    }

    public AbstractResponse send(ApiKeys key, ApiMessage request, short version) {
        RequestHeader header = new RequestHeader(key, version, "raw", ++correlationId);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.data().addSize(size, cache, header.headerVersion());
        request.addSize(size, cache, version);
        ByteBuffer out = ByteBuffer.allocate(size.totalSize());
        ByteBufferAccessor accessor = new ByteBufferAccessor(out);
        header.data().write(accessor, cache, header.headerVersion());
        request.write(accessor, cache, version);
        try {
            DataOutputStream to = new DataOutputStream(socket.getOutputStream());
            to.writeInt(out.position());
            to.write(out.array(), 0, out.position());
            to.flush();
            DataInputStream from = new DataInputStream(socket.getInputStream());
            byte[] in = new byte[from.readInt()];
            from.readFully(in);
            ByteBuffer frame = ByteBuffer.wrap(in);
            ResponseHeader answered = ResponseHeader.parse(frame, key.responseHeaderVersion(version));
            if (answered.correlationId() != header.correlationId()) {
                throw new AssertionError(answered + " answers " + header);
            }
            AbstractResponse response = AbstractResponse.parseResponse(key, new ByteBufferAccessor(frame), version);
            if (frame.hasRemaining()) {
                throw new AssertionError(key + " version " + version + ": " + frame.remaining() + " bytes too many");
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(key + " version " + version, e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
