// SPDX-License-Identifier: Apache-2.0
package io.relais.server.training;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

import io.relais.server.training.Frames.Payload;

/** Does once what most clients do first: declares, binds, publishes with confirms, consumes, acknowledges, and leaves. */
final class TrainingClient {
    private static final int CONNECTION = 10;
    private static final int CHANNEL = 20;
    private static final int EXCHANGE = 40;
    private static final int QUEUE = 50;
    private static final int BASIC = 60;
    private static final int CONFIRM = 85;
    private static final int DELIVER = 60;
    private static final int ACK = 80;
    private static final int DURABLE = 0b10;
    private static final int HAS_DELIVERY_MODE = 1 << 12;
    private static final int PERSISTENT = 2;
    private static final int ROUNDS = 40;
    private static final int MESSAGES_PER_ROUND = 50;
    private static final int TIMEOUT_MS = 20_000;

    private final Frames out;
    private final DataInputStream in;

    TrainingClient(Socket socket) throws IOException {
        out = new Frames(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
    }

    static void run(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            TrainingClient client = new TrainingClient(socket);
            client.open();
            client.declare();
            for (int round = 0; round < ROUNDS; round++) {
                client.publishAndConsume();
            }
            client.ask(0, Payload.method(CONNECTION, 50).u16(200).shortString("").u16(0).u16(0), CONNECTION, 51);
        }
    }

    void open() throws IOException {
        out.protocolHeader();
        out.flush();
        await(CONNECTION, 10);
        ByteBuffer tune = ask(0, Payload.method(CONNECTION, 11).emptyTable().shortString("PLAIN")
                .longString("\0guest\0guest").shortString("en_US"), CONNECTION, 30);
        out.method(0, Payload.method(CONNECTION, 31).u16(tune.getShort()).u32(tune.getInt()).u16(0));
        ask(0, Payload.method(CONNECTION, 40).shortString("/").shortString("").u8(0), CONNECTION, 41);
        ask(1, Payload.method(CHANNEL, 10).shortString(""), CHANNEL, 11);
    }

    private void declare() throws IOException {
        ask(1, Payload.method(EXCHANGE, 10).u16(0).shortString("training").shortString("topic").u8(DURABLE)
                .emptyTable(),
                EXCHANGE, 11);
        ask(1, Payload.method(QUEUE, 10).u16(0).shortString("training").u8(DURABLE).emptyTable(), QUEUE, 11);
        ask(1, Payload.method(QUEUE, 20).u16(0).shortString("training").shortString("training").shortString("a.*").u8(0)
                .emptyTable(), QUEUE, 21);
        ask(1, Payload.method(CONFIRM, 10).u8(0), CONFIRM, 11);
        ask(1, Payload.method(BASIC, 10).u32(0).u16(100).u8(0), BASIC, 11);
        ask(1, Payload.method(BASIC, 20).u16(0).shortString("training").shortString("t").u8(0).emptyTable(), BASIC, 21);
    }

    /** Publishes a round of persistent messages, and waits until all are confirmed and delivered. */
    private void publishAndConsume() throws IOException {
        byte[] body = new byte[1000];
        for (int i = 0; i < MESSAGES_PER_ROUND; i++) {
            out.method(1, Payload.method(BASIC, 40).u16(0).shortString("training").shortString("a.b").u8(0));
            out.header(1, new Payload().u16(BASIC).u16(0).u64(body.length).u16(HAS_DELIVERY_MODE).u8(PERSISTENT));
            out.body(1, body);
        }
        out.flush();
        long firstTag = 0;
        long confirmed = 0;
        int delivered = 0;
        while (delivered < MESSAGES_PER_ROUND || confirmed < firstTag + MESSAGES_PER_ROUND - 1) {
            ByteBuffer method = nextMethod();
            int id = method.getInt();
            if (id == (BASIC << 16 | DELIVER)) {
                byte[] consumerTag = new byte[method.get() & 0xFF];
                method.get(consumerTag);
                long deliveryTag = method.getLong();
                firstTag = delivered == 0 ? deliveryTag : firstTag;
                delivered++;
                out.method(1, Payload.method(BASIC, ACK).u64(deliveryTag).u8(0));
            } else if (id == (BASIC << 16 | ACK)) {
                confirmed = Math.max(confirmed, method.getLong());
            }
        }
        out.flush();
    }

    private ByteBuffer ask(int channel, Payload request, int classId, int methodId) throws IOException {
        out.method(channel, request);
        out.flush();
        return await(classId, methodId);
    }

    /** The arguments of the next method, which must be the one expected. */
    private ByteBuffer await(int classId, int methodId) throws IOException {
        ByteBuffer method = nextMethod();
        int id = method.getInt();
        if (id != (classId << 16 | methodId)) {
            throw new IOException(
                    "expected method " + classId + "." + methodId + ", got " + (id >>> 16) + "." + (id & 0xFFFF));
        }
        return method;
    }

    private ByteBuffer nextMethod() throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            int ignoredChannel = in.readUnsignedShort();
            byte[] payload = in.readNBytes(in.readInt());
            if (in.readUnsignedByte() != Frames.END) {
                throw new IOException("no frame end after a frame of channel " + ignoredChannel);
            }
            if (type == Frames.METHOD) {
                return ByteBuffer.wrap(payload);
            }
        }
    }
}
