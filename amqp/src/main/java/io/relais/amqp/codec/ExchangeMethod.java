// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Class 40: exchanges (AMQP 0-9-1 1.6; RabbitMQ: exchange to exchange bindings). */
public sealed interface ExchangeMethod extends Method {
    int CLASS = 40;

    /** From the client. */
    record Declare(String exchange, String type, boolean passive, boolean durable, boolean autoDelete, boolean internal,
            boolean noWait, Map<String, @Nullable Object> arguments) implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 10;

        static Declare decode(WireReader in) {
            in.u16();
            return new Declare(in.shortString(), in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit(),
                    in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(exchange).shortString(type).bit(passive).bit(durable).bit(autoDelete).bit(internal)
                    .bit(noWait).table(arguments);
        }
    }

    /** From the server. */
    record DeclareOk() implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 11;

        static DeclareOk decode(WireReader in) {
            return new DeclareOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Delete(String exchange, boolean ifUnused, boolean noWait) implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 20;

        static Delete decode(WireReader in) {
            in.u16();
            return new Delete(in.shortString(), in.bit(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(exchange).bit(ifUnused).bit(noWait);
        }
    }

    /** From the server. */
    record DeleteOk() implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 21;

        static DeleteOk decode(WireReader in) {
            return new DeleteOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Bind(String destination, String source, String routingKey, boolean noWait,
            Map<String, @Nullable Object> arguments) implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 30;

        static Bind decode(WireReader in) {
            in.u16();
            return new Bind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(destination).shortString(source).shortString(routingKey).bit(noWait)
                    .table(arguments);
        }
    }

    /** From the server. */
    record BindOk() implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 31;

        static BindOk decode(WireReader in) {
            return new BindOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Unbind(String destination, String source, String routingKey, boolean noWait,
            Map<String, @Nullable Object> arguments) implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 40;

        static Unbind decode(WireReader in) {
            in.u16();
            return new Unbind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(destination).shortString(source).shortString(routingKey).bit(noWait)
                    .table(arguments);
        }
    }

    /** From the server: RabbitMQ gave it this number. */
    record UnbindOk() implements ExchangeMethod {
        public static final int ID = CLASS << 16 | 51;

        static UnbindOk decode(WireReader in) {
            return new UnbindOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }
}
