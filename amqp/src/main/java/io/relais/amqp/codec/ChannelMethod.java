// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** Class 20: channels (AMQP 0-9-1 1.5). */
public sealed interface ChannelMethod extends Method {
    int CLASS = 20;

    /** From the client. */
    record Open() implements ChannelMethod {
        public static final int ID = CLASS << 16 | 10;

        static Open decode(WireReader in) {
            in.shortString();
            return new Open();
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

    /** From the server. */
    record OpenOk() implements ChannelMethod {
        public static final int ID = CLASS << 16 | 11;

        static OpenOk decode(WireReader in) {
            in.longString();
            return new OpenOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.longString("");
        }
    }

    /** From either side. */
    record Flow(boolean active) implements ChannelMethod {
        public static final int ID = CLASS << 16 | 20;

        static Flow decode(WireReader in) {
            return new Flow(in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.bit(active);
        }
    }

    /** From either side. */
    record FlowOk(boolean active) implements ChannelMethod {
        public static final int ID = CLASS << 16 | 21;

        static FlowOk decode(WireReader in) {
            return new FlowOk(in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.bit(active);
        }
    }

    /** From either side. */
    record Close(int replyCode, String replyText, int failedClassId, int failedMethodId) implements ChannelMethod {
        public static final int ID = CLASS << 16 | 40;

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
    record CloseOk() implements ChannelMethod {
        public static final int ID = CLASS << 16 | 41;

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
}
