// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** Class 85: publisher confirms (RabbitMQ: confirms). */
public sealed interface ConfirmMethod extends Method {
    int CLASS = 85;

    /** From the client. */
    record Select(boolean noWait) implements ConfirmMethod {
        public static final int ID = CLASS << 16 | 10;

        static Select decode(WireReader in) {
            return new Select(in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.bit(noWait);
        }
    }

    /** From the server. */
    record SelectOk() implements ConfirmMethod {
        public static final int ID = CLASS << 16 | 11;

        static SelectOk decode(WireReader in) {
            return new SelectOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }
}
