// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Class 60: publishing, consuming and acknowledging (AMQP 0-9-1 1.8; RabbitMQ: nack). */
public sealed interface BasicMethod extends Method {
    int CLASS = 60;

    /** From the client. */
    record Qos(long prefetchSize, int prefetchCount, boolean global) implements BasicMethod {
        public static final int ID = CLASS << 16 | 10;

        static Qos decode(WireReader in) {
            return new Qos(in.u32(), in.u16(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u32(prefetchSize).u16(prefetchCount).bit(global);
        }
    }

    /** From the server. */
    record QosOk() implements BasicMethod {
        public static final int ID = CLASS << 16 | 11;

        static QosOk decode(WireReader in) {
            return new QosOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Consume(String queue, String consumerTag, boolean noLocal, boolean noAck, boolean exclusive, boolean noWait,
            Map<String, @Nullable Object> arguments) implements BasicMethod {
        public static final int ID = CLASS << 16 | 20;

        static Consume decode(WireReader in) {
            in.u16();
            return new Consume(in.shortString(), in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).shortString(consumerTag).bit(noLocal).bit(noAck).bit(exclusive).bit(noWait)
                    .table(arguments);
        }
    }

    /** From the server. */
    record ConsumeOk(String consumerTag) implements BasicMethod {
        public static final int ID = CLASS << 16 | 21;

        static ConsumeOk decode(WireReader in) {
            return new ConsumeOk(in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(consumerTag);
        }
    }

    /** From either side; from the server: the queue went away (RabbitMQ: consumer cancel notification). */
    record Cancel(String consumerTag, boolean noWait) implements BasicMethod {
        public static final int ID = CLASS << 16 | 30;

        static Cancel decode(WireReader in) {
            return new Cancel(in.shortString(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(consumerTag).bit(noWait);
        }
    }

    /** From either side. */
    record CancelOk(String consumerTag) implements BasicMethod {
        public static final int ID = CLASS << 16 | 31;

        static CancelOk decode(WireReader in) {
            return new CancelOk(in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(consumerTag);
        }
    }

    /** From the client; content follows. */
    record Publish(String exchange, String routingKey, boolean mandatory, boolean immediate) implements BasicMethod {
        public static final int ID = CLASS << 16 | 40;

        static Publish decode(WireReader in) {
            in.u16();
            return new Publish(in.shortString(), in.shortString(), in.bit(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(exchange).shortString(routingKey).bit(mandatory).bit(immediate);
        }
    }

    /** From the server; content follows. */
    record Return(int replyCode, String replyText, String exchange, String routingKey) implements BasicMethod {
        public static final int ID = CLASS << 16 | 50;

        static Return decode(WireReader in) {
            return new Return(in.u16(), in.shortString(), in.shortString(), in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(replyCode).shortString(replyText).shortString(exchange).shortString(routingKey);
        }
    }

    /** From the server; content follows. */
    record Deliver(String consumerTag, long deliveryTag, boolean redelivered, String exchange,
            String routingKey) implements BasicMethod {
        public static final int ID = CLASS << 16 | 60;

        static Deliver decode(WireReader in) {
            return new Deliver(in.shortString(), in.u64(), in.bit(), in.shortString(), in.shortString());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.shortString(consumerTag).u64(deliveryTag).bit(redelivered).shortString(exchange)
                    .shortString(routingKey);
        }
    }

    /** From the client. */
    record Get(String queue, boolean noAck) implements BasicMethod {
        public static final int ID = CLASS << 16 | 70;

        static Get decode(WireReader in) {
            in.u16();
            return new Get(in.shortString(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u16(0).shortString(queue).bit(noAck);
        }
    }

    /** From the server; content follows. */
    record GetOk(long deliveryTag, boolean redelivered, String exchange, String routingKey,
            long messageCount) implements BasicMethod {
        public static final int ID = CLASS << 16 | 71;

        static GetOk decode(WireReader in) {
            return new GetOk(in.u64(), in.bit(), in.shortString(), in.shortString(), in.u32());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u64(deliveryTag).bit(redelivered).shortString(exchange).shortString(routingKey).u32(messageCount);
        }
    }

    /** From the server. */
    record GetEmpty() implements BasicMethod {
        public static final int ID = CLASS << 16 | 72;

        static GetEmpty decode(WireReader in) {
            in.shortString();
            return new GetEmpty();
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
    record Ack(long deliveryTag, boolean multiple) implements BasicMethod {
        public static final int ID = CLASS << 16 | 80;

        static Ack decode(WireReader in) {
            return new Ack(in.u64(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u64(deliveryTag).bit(multiple);
        }
    }

    /** From the client. */
    record Reject(long deliveryTag, boolean requeue) implements BasicMethod {
        public static final int ID = CLASS << 16 | 90;

        static Reject decode(WireReader in) {
            return new Reject(in.u64(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u64(deliveryTag).bit(requeue);
        }
    }

    /** From the client. */
    record RecoverAsync(boolean requeue) implements BasicMethod {
        public static final int ID = CLASS << 16 | 100;

        static RecoverAsync decode(WireReader in) {
            return new RecoverAsync(in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.bit(requeue);
        }
    }

    /** From the client. */
    record Recover(boolean requeue) implements BasicMethod {
        public static final int ID = CLASS << 16 | 110;

        static Recover decode(WireReader in) {
            return new Recover(in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.bit(requeue);
        }
    }

    /** From the server. */
    record RecoverOk() implements BasicMethod {
        public static final int ID = CLASS << 16 | 111;

        static RecoverOk decode(WireReader in) {
            return new RecoverOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From either side. */
    record Nack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {
        public static final int ID = CLASS << 16 | 120;

        static Nack decode(WireReader in) {
            return new Nack(in.u64(), in.bit(), in.bit());
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {
            out.u64(deliveryTag).bit(multiple).bit(requeue);
        }
    }
}
