// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Class 10: connections: the handshake, and their end (AMQP 0-9-1 1.4; RabbitMQ: blocked, unblocked, update-secret). */
public sealed interface ConnectionMethod extends Method {
    int CLASS = 10;

    /** From the server. */
    record Start(int versionMajor, int versionMinor, Map<String, @Nullable Object> serverProperties, String mechanisms,
            String locales) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 10;

        static Start decode(WireReader in) {
            return new Start(in.u8(), in.u8(), in.table(), in.longText(), in.longText());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u8(versionMajor).u8(versionMinor).table(serverProperties).longText(mechanisms).longText(locales);
        }
    }

    /** From the client. */
    record StartOk(Map<String, @Nullable Object> clientProperties, String mechanism, byte[] response,
            String locale) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 11;

        static StartOk decode(WireReader in) {
            return new StartOk(in.table(), in.shortString(), in.longString(), in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.table(clientProperties).shortString(mechanism).longString(response).shortString(locale);
        }
    }

    /** From the server. */
    record Secure(byte[] challenge) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 20;

        static Secure decode(WireReader in) {
            return new Secure(in.longString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.longString(challenge);
        }
    }

    /** From the client. */
    record SecureOk(byte[] response) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 21;

        static SecureOk decode(WireReader in) {
            return new SecureOk(in.longString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.longString(response);
        }
    }

    /** From the server; heartbeat in seconds; 0 is none, for each of the three. */
    record Tune(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 30;

        static Tune decode(WireReader in) {
            return new Tune(in.u16(), in.u32(), in.u16());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(channelMax).u32(frameMax).u16(heartbeat);
        }
    }

    /** From the client. */
    record TuneOk(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 31;

        static TuneOk decode(WireReader in) {
            return new TuneOk(in.u16(), in.u32(), in.u16());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(channelMax).u32(frameMax).u16(heartbeat);
        }
    }

    /** From the client. */
    record Open(String virtualHost) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 40;

        static Open decode(WireReader in) {
            Open method = new Open(in.shortString());
            in.shortString();
            in.bit();
            return method;
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(virtualHost).shortString("").bit(false);
        }
    }

    /** From the server. */
    record OpenOk() implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 41;

        static OpenOk decode(WireReader in) {
            in.shortString();
            return new OpenOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString("");
        }
    }

    /** From either side. */
    record Close(int replyCode, String replyText, int failedClassId, int failedMethodId) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 50;

        static Close decode(WireReader in) {
            return new Close(in.u16(), in.shortString(), in.u16(), in.u16());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(replyCode).shortString(replyText).u16(failedClassId).u16(failedMethodId);
        }
    }

    /** From either side. */
    record CloseOk() implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 51;

        static CloseOk decode(WireReader in) {
            return new CloseOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the server. */
    record Blocked(String reason) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 60;

        static Blocked decode(WireReader in) {
            return new Blocked(in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(reason);
        }
    }

    /** From the server. */
    record Unblocked() implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 61;

        static Unblocked decode(WireReader in) {
            return new Unblocked();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record UpdateSecret(byte[] newSecret, String reason) implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 70;

        static UpdateSecret decode(WireReader in) {
            return new UpdateSecret(in.longString(), in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.longString(newSecret).shortString(reason);
        }
    }

    /** From the server. */
    record UpdateSecretOk() implements ConnectionMethod {
        public static final int ID = CLASS << 16 | 71;

        static UpdateSecretOk decode(WireReader in) {
            return new UpdateSecretOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }
}
