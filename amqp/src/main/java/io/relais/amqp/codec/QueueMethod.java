// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Class 50: queues (AMQP 0-9-1 1.7). */
public sealed interface QueueMethod extends Method {
    int CLASS = 50;

    /** From the client. */
    record Declare(String queue, boolean passive, boolean durable, boolean exclusive, boolean autoDelete,
            boolean noWait, Map<String, @Nullable Object> arguments) implements QueueMethod {
        public static final int ID = CLASS << 16 | 10;

        static Declare decode(WireReader in) {
            in.u16();
            return new Declare(in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).bit(passive).bit(durable).bit(exclusive).bit(autoDelete).bit(noWait)
                    .table(arguments);
        }
    }

    /** From the server. */
    record DeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {
        public static final int ID = CLASS << 16 | 11;

        static DeclareOk decode(WireReader in) {
            return new DeclareOk(in.shortString(), in.u32(), in.u32());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(queue).u32(messageCount).u32(consumerCount);
        }
    }

    /** From the client. */
    record Bind(String queue, String exchange, String routingKey, boolean noWait,
            Map<String, @Nullable Object> arguments) implements QueueMethod {
        public static final int ID = CLASS << 16 | 20;

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
            out.u16(0).shortString(queue).shortString(exchange).shortString(routingKey).bit(noWait).table(arguments);
        }
    }

    /** From the server. */
    record BindOk() implements QueueMethod {
        public static final int ID = CLASS << 16 | 21;

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
    record Purge(String queue, boolean noWait) implements QueueMethod {
        public static final int ID = CLASS << 16 | 30;

        static Purge decode(WireReader in) {
            in.u16();
            return new Purge(in.shortString(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).bit(noWait);
        }
    }

    /** From the server. */
    record PurgeOk(long messageCount) implements QueueMethod {
        public static final int ID = CLASS << 16 | 31;

        static PurgeOk decode(WireReader in) {
            return new PurgeOk(in.u32());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u32(messageCount);
        }
    }

    /** From the client. */
    record Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait) implements QueueMethod {
        public static final int ID = CLASS << 16 | 40;

        static Delete decode(WireReader in) {
            in.u16();
            return new Delete(in.shortString(), in.bit(), in.bit(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).bit(ifUnused).bit(ifEmpty).bit(noWait);
        }
    }

    /** From the server. */
    record DeleteOk(long messageCount) implements QueueMethod {
        public static final int ID = CLASS << 16 | 41;

        static DeleteOk decode(WireReader in) {
            return new DeleteOk(in.u32());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u32(messageCount);
        }
    }

    /** From the client. */
    record Unbind(String queue, String exchange, String routingKey,
            Map<String, @Nullable Object> arguments) implements QueueMethod {
        public static final int ID = CLASS << 16 | 50;

        static Unbind decode(WireReader in) {
            in.u16();
            return new Unbind(in.shortString(), in.shortString(), in.shortString(), in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).shortString(exchange).shortString(routingKey).table(arguments);
        }
    }

    /** From the server. */
    record UnbindOk() implements QueueMethod {
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
