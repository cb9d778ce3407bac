// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/** A client that sends what a test says, request by request, and nothing else. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int correlationId;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Sends a request and reads its response into {@code response}. */
    public <T extends ApiMessage> T call(ApiMessage request, int version, T response) throws IOException {
        send(request, version);
        ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(frame()));
        ApiKeys key = ApiKeys.forId(request.apiKey());
        new ResponseHeaderData(bytes, key.responseHeaderVersion((short) version));
        response.read(bytes, (short) version);
        return response;
    }

    public void send(ApiMessage request, int version) throws IOException {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        short headerVersion = key.requestHeaderVersion((short) version);
        byte[] header = bytes(new RequestHeaderData().setRequestApiKey(key.id).setRequestApiVersion((short) version)
                .setCorrelationId(++correlationId).setClientId("raw"), headerVersion);
        byte[] body = bytes(request, (short) version);
        out.writeInt(header.length + body.length);
        out.write(header);
        out.write(body);
        out.flush();
    }

    private static byte[] bytes(Message message, short version) {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Sends a frame that is no request. */
    public void sendFrame(byte[] content) throws IOException {
        out.writeInt(content.length);
        out.write(content);
        out.flush();
    }

    /** Says that a frame of so many bytes follows. */
    public void sendLength(int length) throws IOException {
        out.writeInt(length);
        out.flush();
    }

    public byte[] frame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    /** Whether the broker ends the connection, and sends nothing before. */
    public boolean isClosedByBroker() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException | java.net.SocketException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
