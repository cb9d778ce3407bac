// SPDX-License-Identifier: Apache-2.0
package io.relais.server.training;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes frames of AMQP 0-9-1 (2.3.5). A client of its own, so that the broker's codec is trained by bytes that it did not make itself.
 *
 * <pre>
 * frame := type u8 (1 method, 2 header, 3 body), channel u16, size u32, payload, end 0xCE
 * </pre>
 */
final class Frames {
    static final int METHOD = 1;
    static final int HEADER = 2;
    static final int BODY = 3;
    static final int END = 0xCE;

    /** Arguments of a method, or a content header. */
    static final class Payload {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        static Payload method(int classId, int methodId) throws IOException {
            return new Payload().u16(classId).u16(methodId);
        }

        Payload u8(int value) throws IOException {
            out.writeByte(value);
            return this;
        }

        Payload u16(int value) throws IOException {
            out.writeShort(value);
            return this;
        }

        Payload u32(long value) throws IOException {
            out.writeInt((int) value);
            return this;
        }

        Payload u64(long value) throws IOException {
            out.writeLong(value);
            return this;
        }

        Payload shortString(String text) throws IOException {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            out.writeByte(octets.length);
            out.write(octets);
            return this;
        }

        Payload longString(String text) throws IOException {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(octets.length);
            out.write(octets);
            return this;
        }

        Payload emptyTable() throws IOException {
            return u32(0);
        }
    }

    private final DataOutputStream out;

    Frames(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    void protocolHeader() throws IOException {
        out.write(new byte[]{'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    }

    void method(int channel, Payload payload) throws IOException {
        frame(METHOD, channel, payload.bytes.toByteArray());
    }

    void header(int channel, Payload payload) throws IOException {
        frame(HEADER, channel, payload.bytes.toByteArray());
    }

    void body(int channel, byte[] body) throws IOException {
        frame(BODY, channel, body);
    }

    void flush() throws IOException {
        out.flush();
    }

    private void frame(int type, int channel, byte[] payload) throws IOException {
        out.writeByte(type);
        out.writeShort(channel);
        out.writeInt(payload.length);
        out.write(payload);
        out.writeByte(END);
    }
}
