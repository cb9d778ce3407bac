// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** Class 30: access tickets, which AMQP 0-9-1 dropped and RabbitMQ still answers (AMQP 0-8). */
public sealed interface AccessMethod extends Method {
    int CLASS = 30;

    /** From the client. */
    record Request(String realm, boolean exclusive, boolean passive, boolean active, boolean write,
            boolean read) implements AccessMethod {
        public static final int ID = CLASS << 16 | 10;

        static Request decode(WireReader in) {
            return new Request(in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(realm).bit(exclusive).bit(passive).bit(active).bit(write).bit(read);
        }
    }

    /** From the server. */
    record RequestOk(int ticket) implements AccessMethod {
        public static final int ID = CLASS << 16 | 11;

        static RequestOk decode(WireReader in) {
            return new RequestOk(in.u16());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(ticket);
        }
    }
}
